import { useAtomValue } from "jotai/react";
import { type ReactNode, useEffect, useState } from "react";
import { desktopAtom } from "../state/atoms.js";
import { Icon } from "../ui/icon.js";

/** Shown while a file is dragged over the window. The preload takes the drop, since only it may learn the path. */
export function DropHint(): ReactNode {
  const isDesktop = useAtomValue(desktopAtom) !== null;
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!isDesktop) return;
    const enter = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") === true) setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const end = () => setOver(false);
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", end);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", end);
    };
  }, [isDesktop]);
  if (!over) return null;
  return (
    <div className="drop-hint">
      <Icon name="file" />
      Drop a flock file to open it
    </div>
  );
}
