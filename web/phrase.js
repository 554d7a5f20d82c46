// A text that is made again whenever the language changes.
export class Phrase {
  #make;

  constructor(make) {
    this.#make = make;
  }

  toString() {
    return this.#make();
  }
}
