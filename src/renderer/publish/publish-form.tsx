import { useAtom, useAtomValue } from "jotai/react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useSession } from "../app-context.js";
import { countTypes } from "../deck/causes.js";
import {
  explain,
  PartlyPublished,
  publish as publishArtifact,
  publishRest,
  publishTogether,
  say,
} from "../state/actions.js";
import { connectionAtom, helloAtom } from "../state/atoms.js";
import { draftAtom, type Publishable, unfinishedAtom } from "../state/interface.js";
import { Button } from "../ui/button.js";
import { Icon } from "../ui/icon.js";
import { flatTextFields } from "./flat-text.js";
import { FlatTextForm } from "./flat-text-form.js";
import { hasForm } from "./has-form.js";
import { publishableTypes, sampleFor, samplesOf } from "./publishable.js";
import { useGeneratedForm } from "./use-generated-form.js";
import "./publish.css";

const NO_SCHEMA = {};
const OFFLINE = "Offline: publishing waits for the connection";

/** `2 × Order, Price`. */
function typesWords(artifacts: readonly Pick<Publishable, "type">[]): string {
  return countTypes(artifacts.map(({ type }) => type))
    .map(({ type, count }) => (count === 1 ? type : `${count} × ${type}`))
    .join(", ");
}

const asJson = (payload: unknown) => JSON.stringify(payload ?? {}, null, 2);

interface PublishFormProps {
  readonly onPublished?: () => void;
}

/** One artifact to publish: a form made from its type's schema, filled with the flock's sample, one button. */
export function PublishForm({ onPublished }: PublishFormProps): ReactNode {
  const session = useSession();
  const hello = useAtomValue(helloAtom);
  const connected = useAtomValue(connectionAtom).kind === "live";
  const [draft, setDraft] = useAtom(draftAtom);
  const types = useMemo(() => (hello === null ? [] : publishableTypes(hello)), [hello]);
  const type = draft !== null && hello !== null && draft.type in hello.artifact_types ? draft.type : (types[0] ?? "");
  const schema = hello?.artifact_types[type] ?? NO_SCHEMA;
  const sample = hello === null ? undefined : sampleFor(hello, type);
  const payload = draft?.type === type ? draft.payload : sample;
  const fields = useMemo(() => flatTextFields(schema, payload, sample), [schema, payload, sample]);
  const formable = fields !== undefined || hasForm(schema);
  const GeneratedForm = useGeneratedForm(type !== "" && formable && fields === undefined);
  const json = (draft?.type === type ? draft.json : undefined) ?? (formable ? null : asJson(payload));
  const [unfinished, setUnfinished] = useAtom(unfinishedAtom);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  if (type === "") {
    return <p className="field-hint">No agent of this flock waits for anything that could be published.</p>;
  }

  if (formable && fields === undefined && GeneratedForm === undefined) return null;

  const samples = hello === null ? [] : samplesOf(hello);
  const whole = samples.length > 1 && draft === null && unfinished === null;

  const attempt = async (act: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setFault(null);
    try {
      await act();
      onPublished?.();
    } catch (error) {
      // What is in may have taken the place of this form.
      if (error instanceof PartlyPublished) say(session, error.message, true);
      else setFault(explain(error));
    } finally {
      setBusy(false);
    }
  };

  /** Calls `act` with what is written, unless that is no JSON, which is told. */
  const withJson = (written: string, act: (value: unknown) => void) => {
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch (error) {
      setFault(`This is not JSON: ${explain(error)}`);
      return;
    }
    setFault(null);
    act(value);
  };

  const closeJson = (written: string) =>
    withJson(written, (value) => setDraft(asJson(value) === asJson(sample) ? null : { type, payload: value }));

  const publish = () => {
    const send = (value: unknown) => void attempt(() => publishArtifact(session, type, value));
    if (json !== null) withJson(json, send);
    else if (form.current?.reportValidity() !== false) send(payload ?? {});
  };

  const common = {
    ref: form,
    idPrefix: `publish-${type}`,
    payload,
    onChange: (payload: unknown) => setDraft({ type, payload }),
    onSubmit: publish,
  };

  // Disabled while it is busy it would lose the focus, and a refusal leaves one where one was.
  const submit = {
    icon: "publish",
    className: "publish-submit",
    disabled: !connected,
    "aria-disabled": busy || undefined,
  } as const;

  return (
    <div className="publish-form">
      <div className="publish-type">
        {types.length > 1 || !types.includes(type) ? (
          <label className="publish-type-label">
            <span className="field-label">Type</span>
            <select
              className="input"
              value={type}
              onChange={(event) =>
                setDraft({
                  type: event.target.value,
                  payload: hello === null ? {} : sampleFor(hello, event.target.value),
                })
              }
            >
              {(types.includes(type) ? types : [type, ...types]).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        ) : (
          <h3 className="publish-type-name">{type}</h3>
        )}
        <span className="spacer" />
        {formable ? (
          <Button
            small
            icon="code"
            aria-pressed={json !== null}
            onClick={() => {
              if (json === null) setDraft({ type, payload, json: asJson(payload) });
              else closeJson(json);
            }}
          >
            As JSON
          </Button>
        ) : null}
        {draft === null ? null : (
          <Button small onClick={() => setDraft(null)}>
            Back to the sample
          </Button>
        )}
      </div>
      {formable ? null : (
        <p className="field-hint">The schema of {type} names no fields: write what is published as JSON.</p>
      )}
      {json === null ? (
        fields !== undefined ? (
          <FlatTextForm key={type} {...common} fields={fields} />
        ) : GeneratedForm === undefined ? null : (
          <GeneratedForm key={type} {...common} schema={schema} sample={sample} />
        )
      ) : (
        <textarea
          className="input mono publish-json"
          aria-label={`${type} as JSON`}
          spellCheck={false}
          rows={12}
          value={json}
          onChange={(event) => setDraft({ type, payload, json: event.target.value })}
        />
      )}
      {fault === null ? null : (
        <div className="notice notice-failed" role="alert">
          <Icon name="warning" />
          <span>{fault}</span>
        </div>
      )}
      {unfinished !== null ? (
        <div className="publish-rest">
          <p className="field-hint">
            {unfinished.done} of {unfinished.artifacts.length} of the last input are in their workflow; the others are
            not.
          </p>
          <Button
            {...submit}
            look="solid"
            data-testid="publish-rest"
            onClick={() => void attempt(() => publishRest(session))}
          >
            {connected ? `Publish the rest: ${typesWords(unfinished.artifacts.slice(unfinished.done))}` : OFFLINE}
          </Button>
          <Button small onClick={() => setUnfinished(null)}>
            Leave the rest out
          </Button>
        </div>
      ) : null}
      {whole ? (
        <Button
          {...submit}
          look="solid"
          data-testid="publish-sample"
          data-autofocus
          onClick={() => void attempt(() => publishTogether(session, samples))}
        >
          {connected ? `Publish the whole sample: ${typesWords(samples)}` : OFFLINE}
        </Button>
      ) : null}
      <Button
        {...submit}
        look={whole || unfinished !== null ? "outline" : "solid"}
        data-testid="publish-submit"
        data-autofocus={whole ? undefined : true}
        onClick={publish}
      >
        {connected ? `Publish ${whole ? "only this " : ""}${type}` : OFFLINE}
      </Button>
    </div>
  );
}
