import { toString as qrSvg } from "qrcode";
import { type ReactNode, useEffect, useState } from "react";
import { CopyButton } from "../ui/copy-button.js";

const LINKS = {
  watch: { name: "Watch link", words: "may only look" },
  control: { name: "Control link", words: "may also publish and stop" },
} as const;

/** The two links, each to copy and to scan. A link is a key: it is shown short. */
export function RemoteLinks({ watch, control }: { watch: string | null; control: string | null }): ReactNode {
  const [shown, setShown] = useState<"watch" | "control">("watch");
  const links = { watch, control };
  return (
    <div className="remote-links">
      <div className="remote-link-list">
        {(["watch", "control"] as const).map((kind) => {
          const link = links[kind];
          if (link === null) return null;
          return (
            <div key={kind} className="remote-link">
              <button
                type="button"
                className="remote-link-name"
                aria-pressed={shown === kind}
                onClick={() => setShown(kind)}
              >
                <strong>{LINKS[kind].name}</strong>
                <span className="field-hint">{LINKS[kind].words}</span>
                <span className="field-hint truncate">{withoutToken(link)}</span>
              </button>
              <CopyButton look="outline" small text={() => link} aria-label={`Copy the ${kind} link`}>
                Copy
              </CopyButton>
            </div>
          );
        })}
      </div>
      <QrCode text={links[shown] ?? ""} label={`QR code of the ${shown} link`} />
    </div>
  );
}

function withoutToken(link: string): string {
  return link.split("#")[0] ?? link;
}

function QrCode({ text, label }: { text: string; label: string }): ReactNode {
  const [image, setImage] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    if (text === "") return;
    qrSvg(text, { type: "svg", margin: 2 }).then(
      (svg) => {
        if (current) setImage(`data:image/svg+xml,${encodeURIComponent(svg)}`);
      },
      () => setImage(null),
    );
    return () => {
      current = false;
    };
  }, [text]);
  return image === null ? null : <img className="qr" src={image} alt={label} width={148} height={148} />;
}
