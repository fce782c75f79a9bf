import { useAtomValue, useSetAtom } from "jotai/react";
import { type ReactNode, useEffect, useState } from "react";
import { z } from "zod";
import { type DesktopState, type RecordingInfo, recordingInfoSchema } from "../../protocol/desktop.js";
import { useSession } from "../app-context.js";
import type { Request } from "../connection/requests.js";
import { explain } from "../state/actions.js";
import { desktopAtom } from "../state/atoms.js";
import { dialogAtom } from "../state/interface.js";
import { Button, IconButton } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";
import { absoluteTime, plural, shortDuration, textSize } from "../ui/format.js";
import { Icon } from "../ui/icon.js";
import "./history.css";

const resultSchema = z.object({ recordings: z.array(recordingInfoSchema) });

/** The sessions that were recorded on this machine: to replay, and to delete. */
export function HistoryDialog(): ReactNode {
  const session = useSession();
  const setDialog = useSetAtom(dialogAtom);
  const history = useAtomValue(desktopAtom)?.history;
  const [recordings, setRecordings] = useState<readonly RecordingInfo[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  useEffect(() => {
    session
      .request({ type: "desktop_request", method: "list_recordings" })
      .then((result) => setRecordings(resultSchema.parse(result).recordings))
      .catch((error: unknown) => setFault(explain(error)));
  }, [session]);

  if (history === undefined) return null;
  const ask = (message: Request, then: () => void) => {
    setFault(null);
    session
      .request(message)
      .then(then)
      .catch((error: unknown) => setFault(explain(error)));
  };
  const replay = (name: string) =>
    ask({ type: "desktop_request", method: "start_replay", name }, () => setDialog(null));
  const remove = (name: string) =>
    ask({ type: "desktop_request", method: "delete_recording", name }, () =>
      setRecordings((all) => all?.filter((recording) => recording.name !== name) ?? null),
    );
  return (
    <Dialog title="Earlier sessions" onClose={() => setDialog(null)} size="wide">
      <div className="history">
        {[fault, history.fault].map((text) =>
          text === null ? null : (
            <div key={text} className="notice notice-failed" role="alert">
              <Icon name="warning" />
              <span>{text}</span>
            </div>
          ),
        )}
        {recordings === null ? (
          fault === null && <p className="field-hint">Looking for recordings …</p>
        ) : recordings.length === 0 ? (
          <NoRecordings history={history} />
        ) : (
          <>
            <ul className="recordings">
              {recordings.map((recording) => (
                <Row key={recording.name} recording={recording} onReplay={replay} onDelete={remove} />
              ))}
            </ul>
            <p className="field-hint">Kept in {history.folder}, for your eyes alone. The oldest go by themselves.</p>
          </>
        )}
      </div>
    </Dialog>
  );
}

function NoRecordings({ history: { folder, enabled } }: { history: DesktopState["history"] }): ReactNode {
  if (folder === null)
    return (
      <p className="field-hint">
        Nothing is recorded, because FLOCKDECK_HISTORY is off. Start the app without it to keep what happens.
      </p>
    );
  if (!enabled) return <p className="field-hint">Nothing is recorded. Settings can turn it on.</p>;
  return (
    <p className="field-hint">
      Nothing has been recorded yet. Publish something: whatever runs here or under <code>flockdeck --serve</code> is
      kept in {folder}, and can be replayed.
    </p>
  );
}

interface RowProps {
  readonly recording: RecordingInfo;
  readonly onReplay: (name: string) => void;
  readonly onDelete: (name: string) => void;
}

function Row({ recording, onReplay, onDelete }: RowProps): ReactNode {
  const [isAsking, setIsAsking] = useState(false);
  const { name, flock, fault, started_at: startedAt } = recording;
  const of = fault === null ? `${flock}, ${absoluteTime(startedAt)}` : name;
  return (
    <li className="recording" data-testid="recording">
      <div className="recording-words">
        <strong className="recording-flock truncate">{flock}</strong>
        <span className="recording-facts">{fault ?? facts(recording)}</span>
      </div>
      {isAsking ? (
        <>
          <Button small look="danger" autoFocus onClick={() => onDelete(name)}>
            Delete for good
          </Button>
          <Button small onClick={() => setIsAsking(false)}>
            Keep
          </Button>
        </>
      ) : (
        <>
          {fault === null ? (
            <Button small look="outline" icon="publish" aria-label={`Replay ${of}`} onClick={() => onReplay(name)}>
              Replay
            </Button>
          ) : null}
          {recording.recording ? null : (
            <IconButton small icon="close" label={`Delete ${of}`} onClick={() => setIsAsking(true)} />
          )}
        </>
      )}
    </li>
  );
}

function facts({ started_at, ended_at, recording, workflows, streams, units }: RecordingInfo): string {
  const time = recording || ended_at === null ? "still going on" : `for ${shortDuration(ended_at - started_at)}`;
  return [
    absoluteTime(started_at),
    time,
    plural(workflows, "workflow"),
    plural(streams, "stream"),
    textSize(units),
  ].join(" · ");
}
