// SPDX-License-Identifier: MIT
// One stage under the hand: what the fader and the trim of a strip have in common.
import type { Attachment } from "svelte/attachments";
import type { Desk } from "../desk.svelte";
import type { Decibels, Stage, StageName } from "../protocol";
import { sliding } from "./sliding";

interface StageOf {
  readonly desk: Desk;
  /** Of its strip. */
  readonly id: string;
  readonly stage: Stage;
}

export class StageControl {
  readonly #of: () => StageOf;
  readonly #name: StageName;
  #gesture = 0;
  #isMoving = false;
  #hasMoved = false;

  constructor(name: StageName, of: () => StageOf) {
    this.#name = name;
    this.#of = of;
  }

  get #desk(): Desk {
    return this.#of().desk;
  }

  get db(): Decibels {
    return this.#desk.levelOf(this.#of().id, this.#name);
  }

  get greatest_db(): number {
    return this.#of().stage.greatest_db;
  }

  /** Sets it once, as one undo. */
  set(db: Decibels): void {
    const strip = this.#of().id;
    this.#desk.move(strip, this.#name, db === null ? null : Math.min(db, this.greatest_db), this.#desk.gesture());
    this.#desk.release(strip, this.#name);
  }

  reset(): void {
    void this.#desk.send({ do: "reset", strip: this.#of().id, stage: this.#name });
  }

  /** For the element that is dragged. `type` opens the field for a number. */
  hands(length_px: () => number, type: (first: string) => void): Attachment<HTMLElement> {
    return sliding({
      value: () => this.db,
      greatest_db: () => this.greatest_db,
      isWritable: () => this.#of().stage.writable,
      length_px,
      begin: () => {
        this.#gesture = this.#desk.gesture();
        this.#isMoving = true;
        this.#hasMoved = false;
      },
      move: (db) => {
        if (db === this.db && !this.#hasMoved) return;
        this.#hasMoved = true;
        this.#desk.move(this.#of().id, this.#name, db, this.#gesture);
      },
      end: () => {
        if (this.#isMoving && this.#hasMoved) this.#desk.release(this.#of().id, this.#name);
        this.#isMoving = false;
      },
      reset: () => {
        this.reset();
      },
      type,
    });
  }
}
