// A pause in which nothing can be accepted: a key or click that was meant for
// another window must not release a password in this one.

/** How long a window must have been still before it takes a yes (ms). */
export const settleTime = 500;

export class Guard {
  #now;
  #until;

  /** @param {() => number} now a clock that never jumps back, in ms */
  constructor(now) {
    this.#now = now;
    this.#until = now() + settleTime;
  }

  /** The window appeared, moved, changed its size, or lost or gained the focus. */
  disturb() {
    this.#until = this.#now() + settleTime;
  }

  /** How long until a yes counts (ms). */
  get left() {
    return Math.max(0, this.#until - this.#now());
  }

  /**
   * Whether an event may accept: made by a person, in a window that is still.
   * @param {{isTrusted: boolean}} event
   */
  accepts(event) {
    return event.isTrusted && this.left === 0;
  }

  /**
   * Whether a pressed key must be swallowed, and the window counts as disturbed:
   * a key that is held down keeps the pause going, however the system numbers
   * its repeats.
   * @param {{key: string, repeat: boolean}} event
   * @param {boolean} typing the key is written into a text field
   */
  swallows(event, typing) {
    if (event.key !== "Enter" && (event.key !== " " || typing)) return false;
    return this.left > 0 || event.repeat;
  }
}
