"""nginx in front of the gateways, with the configuration that is shipped in deploy/nginx/."""

import contextlib
import getpass
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from servers.process import Process

PROJECT = Path(__file__).resolve().parents[3]
SHIPPED = PROJECT / "deploy" / "nginx"
PAGES = PROJECT / "web"

CONFIGURATION = """\
{user}daemon off;
worker_processes 2;
worker_rlimit_nofile 20000;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;

events {{
    worker_connections 8192;
}}

http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;

    include userinfo_http.conf;
    upstream userinfo_gateways {{
        zone userinfo_gateways 128k;
{gateways}
        keepalive 64;
        keepalive_requests 1000000;
    }}

    server {{
        listen 127.0.0.1:{listen};
        root {pages};
        include userinfo.conf;
{more}
    }}
}}
"""


def process(folder, port, gateways, tls=None, more="", below=None):
    """`gateways`: their addresses as nginx writes them, each with its share of the requests. `tls`: the files of the
    certificate and of its key with which it speaks https. `more`: directives of the server beside the shipped ones.
    `below`: the path below which the pages are, if it is not "/"."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = "\n".join(
        f"        server {address} weight={weight} {more};"
        for more in ("max_fails=1 fail_timeout=2s", "backup max_fails=0")
        for address, weight in gateways
    )
    listen = f"{port} ssl; ssl_certificate {tls[0]}; ssl_certificate_key {tls[1]}" if tls else port
    pages = folder / "web" if below else PAGES
    text = CONFIGURATION.format(user=worker_user(), folder=folder, listen=listen, gateways=lines, pages=pages, more=more)
    if below:
        subprocess.run([SHIPPED / "below", below, folder], check=True)
    else:
        for shipped in SHIPPED.glob("*.conf"):
            shutil.copy(shipped, folder)
    (folder / "nginx.conf").write_text(text)
    return Process(
        name="nginx",
        folder=folder,
        command=["/usr/sbin/nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")],
        ports=(port,),
        is_ready=lambda: answers(port),
    )


def worker_user():
    """Started by root, its workers would be nobody, who may not write request bodies into this folder."""
    return f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""


def answers(port):
    with contextlib.suppress(OSError):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
        except urllib.error.HTTPError:
            pass
        return True
    return False
