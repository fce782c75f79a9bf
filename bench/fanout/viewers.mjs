/**
 * Many viewers in one child process: most only count bytes and frames, a few decode everything and measure the lag of
 * every token. Raw viewers never inflate, so that the measured server, not this process, sets the pace.
 */
import { Packr } from "msgpackr";
import { WebSocket } from "ws";
import { connectRaw } from "../lib/raw-websocket.mjs";
import { lags } from "../lib/token-source.mjs";

const { kind, port, viewers, sampled, stuck = 0, streams, rate, token } = JSON.parse(process.argv[2]);
const packr = new Packr({ useRecords: false });
const measured = { lags: [], units: 0 };
let measuring = false;
let start = 0;
const raws = [];
const sockets = [];

/** How each kind of server is spoken to, and how the text is found in what it sends. */
const KINDS = {
  flockdeck: {
    path: "/ws",
    protocols: ["flockdeck.v1.msgpack", `flockdeck.token.${token}`],
    deflate: true,
    attach: (socket) => {
      const message = packr.pack([{ type: "attach" }]);
      socket.sendBinary ? socket.sendBinary(message) : socket.send(message);
    },
    messages: (data) => packr.unpack(data),
  },
  bare: {
    path: "/",
    protocols: [],
    deflate: false,
    attach: () => {},
    messages: () => [],
  },
  literal: {
    numbered: true,
    path: "/",
    protocols: [],
    deflate: false,
    attach: () => {},
    messages: (data) => [JSON.parse(data)],
  },
  socketio: {
    numbered: true,
    path: "/socket.io/?EIO=4&transport=websocket",
    protocols: [],
    deflate: false,
    attach: () => {},
    onText: (text, socket) => {
      if (text.startsWith("0")) socket.send("40");
      else if (text === "2") socket.send("3");
    },
    messages: (data) => {
      const text = data.toString();
      return text.startsWith("42") ? [JSON.parse(text.slice(2))[1]] : [];
    },
  },
};

const spoken = KINDS[kind];

/** How much of each stream one viewer has; streams are numbered in the order in which they were started. */
class ReceivedText {
  #streams = new Map();

  take(message, now) {
    if (message.type === "stream_started") this.#streamOf(message.stream_id);
    if (message.type !== "stream_chunk") return;
    const stream = this.#streamOf(message.stream_id);
    const units = message.chunk.length;
    if (measuring) {
      measured.units += units;
      for (const lag of lags({ streams, rate, start }, stream.index, stream.units, units, now)) measured.lags.push(lag);
    }
    stream.units += units;
  }

  #streamOf(id) {
    const known = this.#streams.get(id);
    if (known !== undefined) return known;
    const index = spoken.numbered ? Number(id.slice(1)) : this.#streams.size;
    const stream = { index, units: 0 };
    this.#streams.set(id, stream);
    return stream;
  }
}

async function connectSampled() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${spoken.path}`, spoken.protocols, {
    perMessageDeflate: spoken.deflate,
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const text = new ReceivedText();
  socket.on("message", (data) => {
    spoken.onText?.(data.toString(), socket);
    const now = Date.now();
    for (const message of spoken.messages(data)) text.take(message, now);
  });
  spoken.attach(socket);
  sockets.push(socket);
}

async function connectCounting() {
  const socket = await connectRaw({ port, ...spoken, onText: spoken.onText });
  spoken.attach(socket);
  raws.push(socket);
}

/** Attaches and never reads again. */
async function connectStuck() {
  const socket = await connectRaw({ port, ...spoken });
  spoken.attach(socket);
  socket.pause();
}

for (let index = 0; index < stuck; index += 1) await connectStuck();
for (let index = 0; index < viewers; index += 1) await (index < sampled ? connectSampled() : connectCounting());

function totals() {
  return raws.reduce((sum, { counts }) => ({ bytes: sum.bytes + counts.bytes, frames: sum.frames + counts.frames }), {
    bytes: 0,
    frames: 0,
  });
}

let before;
process.on("message", (message) => {
  if (message.start !== undefined) {
    start = message.start;
    process.send({ started: true });
  }
  if (message === "mark") {
    before = totals();
    measured.lags = [];
    measured.units = 0;
    measuring = true;
    process.send({ marked: true });
  }
  if (message === "measure") {
    measuring = false;
    const after = totals();
    process.send({
      lags: measured.lags,
      units: measured.units,
      counting: raws.length,
      sampled: sockets.length,
      bytes: after.bytes - before.bytes,
      frames: after.frames - before.frames,
    });
  }
  if (message === "stop") process.exit(0);
});
process.send({ connected: true });
