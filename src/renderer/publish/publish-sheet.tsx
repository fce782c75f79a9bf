import { useSetAtom } from "jotai/react";
import type { ReactNode } from "react";
import { dialogAtom, viewAtom } from "../state/interface.js";
import { Dialog } from "../ui/dialog.js";
import { PublishForm } from "./publish-form.js";

export function PublishSheet(): ReactNode {
  const setDialog = useSetAtom(dialogAtom);
  const setView = useSetAtom(viewAtom);
  return (
    <Dialog title="Publish" size="sheet" onClose={() => setDialog(null)}>
      <PublishForm
        onPublished={() => {
          setDialog(null);
          setView("deck");
        }}
      />
    </Dialog>
  );
}
