// The pages' pictures, as lines on a square of 24 units.
const svgNamespace = "http://www.w3.org/2000/svg";

const icons = {
  alert: "M12 8v5m0 3v.01M10.3 4.3 2.6 17.5A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-3L13.7 4.3a2 2 0 0 0-3.4 0z",
  back: "M20 12H5M11 5.5 4.5 12l6.5 6.5",
  check: "M20 6.5 9.5 17 4 11.5",
  computer: "M4 4.5h16a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1zM12 16v4M8 20h8",
  eye: "M2 12s3.5-7 10-7 10 7 10 7-3.5 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  eye_off:
    "M10 5.2A9.6 9.6 0 0 1 12 5c6.5 0 10 7 10 7a17 17 0 0 1-2.6 3.6M6.2 6.7A16.6 16.6 0 0 0 2 12s3.5 7 10 7a9.7 9.7 0 0 0 5.3-1.6M3 3l18 18M9.9 9.9a3 3 0 0 0 4.2 4.2",
  globe: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19zM2.5 12h19M12 2.5c5 5.3 5 13.7 0 19-5-5.3-5-13.7 0-19z",
  log_out: "M10 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h5M15 8l4 4-4 4M19 12H9",
  phone: "M7 2.5h10a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1zM11 18.5h2",
  shield: "M12 2.5 4 5.5V11c0 5 3.4 8.7 8 10.5 4.6-1.8 8-5.5 8-10.5V5.5z",
  user: "M12 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM3.5 21a8.5 6.5 0 0 1 17 0",
};

// Beside a text, which says the same: hidden from those who listen.
export function icon(name) {
  const svg = document.createElementNS(svgNamespace, "svg");
  const path = document.createElementNS(svgNamespace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  path.setAttribute("d", icons[name]);
  svg.append(path);
  return svg;
}
