import { useAtomValue } from "jotai/react";
import { useEffect, useState } from "react";
import { contrastAtom, themeAtom } from "../state/preferences.js";

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const list = window.matchMedia(query);
    const changed = () => setMatches(list.matches);
    changed();
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, [query]);
  return matches;
}

/** Sets `data-theme` and `data-contrast` from the choice, or from the system where the choice is the system's. */
export function useTheme(): "light" | "dark" {
  const theme = useAtomValue(themeAtom);
  const contrast = useAtomValue(contrastAtom);
  const systemDark = useMedia("(prefers-color-scheme: dark)");
  const systemMore = useMedia("(prefers-contrast: more)");
  const dark = theme === "dark" || (theme === "system" && systemDark);
  const more = contrast === "more" || (contrast === "system" && systemMore);
  useEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = dark ? "dark" : "light";
    root.dataset.contrast = more ? "more" : "normal";
  }, [dark, more]);
  return dark ? "dark" : "light";
}
