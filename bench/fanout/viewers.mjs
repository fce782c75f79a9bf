/**
 * Many viewers in one child process: most only count bytes and frames, a few decode everything and measure the lag of
 * every token. Raw viewers never inflate, so that the measured server, not this process, sets the pace.
 */
import { Packr } from "msgpackr";
import { WebSocket } from "ws";
import { connectRaw } from "../lib/raw-websocket.mjs";
import { lags } from "../lib/token-source.mjs";

const { kind, port, viewers, sampled, start, token } = JSON.parse(process.argv[2]);
const packr = new Packr({ useRecords: false });
const measured = { lags: [], units: 0, messages: 0 };
let measuring = false;
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
    texts: (data) => packr.unpack(data).flatMap((message) => (message.type === "stream_chunk" ? [message.chunk] : [])),
  },
  literal: {
    path: "/",
    protocols: [],
    deflate: false,
    attach: () => {},
    texts: (data) => [JSON.parse(data).chunk],
  },
  socketio: {
    path: "/socket.io/?EIO=4&transport=websocket",
    protocols: [],
    deflate: false,
    attach: () => {},
    onText: (text, socket) => {
      if (text.startsWith("0")) socket.send("40");
      else if (text === "2") socket.send("3");
    },
    texts: (data) => {
      const text = data.toString();
      return text.startsWith("42") ? [JSON.parse(text.slice(2))[1].chunk] : [];
    },
  },
};

const spoken = KINDS[kind];

async function connectSampled() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${spoken.path}`, spoken.protocols, {
    perMessageDeflate: spoken.deflate,
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  spoken.attach(socket);
  socket.on("message", (data) => {
    spoken.onText?.(data.toString(), socket);
    if (!measuring) return;
    const now = Date.now();
    for (const text of spoken.texts(data)) {
      measured.messages += 1;
      measured.units += text.length;
      for (const lag of lags(text, start, now)) measured.lags.push(lag);
    }
  });
  sockets.push(socket);
}

async function connectCounting() {
  const socket = await connectRaw({ port, ...spoken, onText: spoken.onText });
  spoken.attach(socket);
  raws.push(socket);
}

for (let index = 0; index < viewers; index += 1) await (index < sampled ? connectSampled() : connectCounting());

function totals() {
  return raws.reduce((sum, { counts }) => ({ bytes: sum.bytes + counts.bytes, frames: sum.frames + counts.frames }), {
    bytes: 0,
    frames: 0,
  });
}

let before;
process.on("message", (message) => {
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
