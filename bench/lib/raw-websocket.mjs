/**
 * A WebSocket client that only counts: frames and bytes. It costs so little that hundreds of viewers fit into one
 * process without becoming the thing that is measured. Answers pings; never inflates, never parses a payload.
 */
import { randomBytes } from "node:crypto";
import net from "node:net";

const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

export function connectRaw({ port, path = "/ws", protocols = [], deflate = false, headers = {}, onText, onClose }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    const counts = { bytes: 0, frames: 0 };
    let head = "";
    let open = false;
    let pending = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on("error", (error) => (open ? onClose?.() : reject(error)));
    socket.on("close", () => onClose?.());
    socket.on("connect", () => {
      const lines = [
        `GET ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
        "Sec-WebSocket-Version: 13",
        ...(protocols.length > 0 ? [`Sec-WebSocket-Protocol: ${protocols.join(", ")}`] : []),
        ...(deflate ? ["Sec-WebSocket-Extensions: permessage-deflate"] : []),
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ];
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    });
    const client = {
      counts,
      send: (payload) => socket.write(frame(OPCODE.text, Buffer.from(payload))),
      sendBinary: (payload) => socket.write(frame(OPCODE.binary, Buffer.from(payload))),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      close: () => socket.destroy(),
    };
    socket.on("data", (data) => {
      if (!open) {
        head += data.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.startsWith("HTTP/1.1 101")) return reject(new Error(head.slice(0, head.indexOf("\r\n"))));
        open = true;
        const rest = data.subarray(data.length - (Buffer.byteLength(head, "latin1") - end - 4));
        resolve(client);
        take(rest);
      } else take(data);
    });

    function take(data) {
      counts.bytes += data.length;
      pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
      let at = 0;
      while (pending.length - at >= 2) {
        const opcode = pending[at] & 15;
        let length = pending[at + 1] & 127;
        let header = 2;
        if (length === 126) {
          if (pending.length - at < 4) break;
          length = pending.readUInt16BE(at + 2);
          header = 4;
        } else if (length === 127) {
          if (pending.length - at < 10) break;
          length = Number(pending.readBigUInt64BE(at + 2));
          header = 10;
        }
        if (pending.length - at < header + length) break;
        counts.frames += 1;
        if (opcode === OPCODE.ping)
          socket.write(frame(OPCODE.pong, pending.subarray(at + header, at + header + length)));
        else if (opcode === OPCODE.text && onText)
          onText(pending.toString("utf8", at + header, at + header + length), client);
        at += header + length;
      }
      pending = at === pending.length ? Buffer.alloc(0) : pending.subarray(at);
    }
  });
}

/** One masked client frame. */
function frame(opcode, payload) {
  const mask = randomBytes(4);
  const header =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 255]);
  const body = Buffer.from(payload);
  for (let index = 0; index < body.length; index += 1) body[index] ^= mask[index & 3];
  return Buffer.concat([header, mask, body]);
}
