// SPDX-License-Identifier: MIT
// The WebSocket: reconnects by itself, turns replies into promises, hands on everything else.
import type { Command, Refusal, ServerMessage } from "./protocol";

export type Link = "connecting" | "open" | "lost";

export interface Receiver {
  onLink(link: Link): void;
  onMessage(message: Exclude<ServerMessage, { re: number }>): void;
  /** Before whoever sent a command hears of its reply. */
  onReply(): void;
  onFrame(frame: ArrayBuffer): void;
}

/** A command that was not carried out, with the server's sentence. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.sentence);
    this.name = "Refused";
  }
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Refused) => void;
}

const firstDelay_ms = 250;
const longestDelay_ms = 4000;

export class Connection {
  #socket: WebSocket | null = null;
  #nextId = 1;
  #delay_ms = firstDelay_ms;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  readonly #waiting = new Map<number, Waiting>();

  constructor(
    private readonly address: string,
    private readonly receiver: Receiver,
  ) {
    this.#open();
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Carries out a command; rejects with Refused where the server refuses, or where nobody hears it. */
  send(command: Command): Promise<void> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Refused({ code: "lost", sentence: "The desk's program cannot be reached." }));
    }
    const id = this.#nextId++;
    socket.send(JSON.stringify({ id, ...command }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** Tries at once, as when the page comes back into view. */
  hurry(): void {
    if (this.#socket !== null || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    this.receiver.onLink("connecting");
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      this.#delay_ms = firstDelay_ms;
      this.receiver.onLink("open");
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === "string") this.#read(data);
      else this.receiver.onFrame(data);
    };
    socket.onclose = () => {
      this.#lose();
    };
  }

  #read(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    if (!("re" in message)) {
      this.receiver.onMessage(message);
      return;
    }
    this.receiver.onReply();
    const waiting = this.#waiting.get(message.re);
    this.#waiting.delete(message.re);
    if (message.error === undefined) waiting?.resolve();
    else waiting?.reject(new Refused(message.error));
  }

  #lose(): void {
    this.#socket = null;
    for (const { reject } of this.#waiting.values()) {
      reject(new Refused({ code: "lost", sentence: "The desk's program went away before it answered." }));
    }
    this.#waiting.clear();
    if (this.#isClosed) return;
    this.receiver.onLink("lost");
    // Some chance in the delay keeps many pages from coming back in the same instant.
    this.#timer = setTimeout(() => {
      this.#open();
    }, this.#delay_ms * (0.75 + 0.5 * Math.random()));
    this.#delay_ms = Math.min(longestDelay_ms, 2 * this.#delay_ms);
  }
}
