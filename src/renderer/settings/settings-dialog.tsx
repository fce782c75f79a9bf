import { useAtom, useAtomValue, useSetAtom } from "jotai/react";
import type { WritableAtom } from "jotai/vanilla";
import { type ReactNode, useRef, useState } from "react";
import type { DesktopState } from "../../protocol/desktop.js";
import { useSession } from "../app-context.js";
import { DENSITY_WORDS } from "../shell/toolbar.js";
import { explain } from "../state/actions.js";
import { desktopAtom } from "../state/atoms.js";
import { dialogAtom } from "../state/interface.js";
import {
  contrastAtom,
  DENSITIES,
  densityAtom,
  foldFinishedAtom,
  letterShortcutsAtom,
  themeAtom,
} from "../state/preferences.js";
import { Button } from "../ui/button.js";
import { Dialog } from "../ui/dialog.js";
import { Icon } from "../ui/icon.js";
import { useFocusLeft } from "../ui/use-focus-left.js";
import "./settings.css";

export function SettingsDialog(): ReactNode {
  const setDialog = useSetAtom(dialogAtom);
  const desktop = useAtomValue(desktopAtom);
  return (
    <Dialog title="Settings" onClose={() => setDialog(null)} size="normal">
      <div className="settings">
        {desktop === null ? null : <Keys desktop={desktop} />}
        <Appearance />
        {desktop === null ? null : <Desktop desktop={desktop} />}
      </div>
    </Dialog>
  );
}

const SOURCES = {
  environment: "from the environment",
  settings: "kept by this app, encrypted by the keychain",
  none: "no key",
} as const;

function Keys({ desktop }: { desktop: DesktopState }): ReactNode {
  return (
    <section className="settings-section" aria-labelledby="settings-keys">
      <h3 id="settings-keys">Provider keys</h3>
      {desktop.keychain.available ? (
        <p className="field-hint">
          Keys are encrypted by the system's keychain and never leave the main process. A key in the environment wins.
        </p>
      ) : (
        <div className="notice">
          <Icon name="info" />
          <span>
            {desktop.keychain.reason} The variables are named below; start the app again once one is set. Demo models
            need no key.
          </span>
        </div>
      )}
      <ul className="keys">
        {desktop.providers.map((provider) => (
          <ProviderKey key={provider.name} provider={provider} canKeep={desktop.keychain.available} />
        ))}
      </ul>
    </section>
  );
}

interface ProviderKeyProps {
  readonly provider: DesktopState["providers"][number];
  readonly canKeep: boolean;
}

function ProviderKey({ provider, canKeep }: ProviderKeyProps): ReactNode {
  const session = useSession();
  const [key, setKey] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const { name, env, source } = provider;
  const ask = (method: "set_key" | "remove_key") => {
    const message =
      method === "set_key"
        ? ({ type: "desktop_request", method, provider: name, key } as const)
        : ({ type: "desktop_request", method, provider: name } as const);
    session.request(message).then(
      () => {
        setKey("");
        setFault(null);
      },
      (error: unknown) => setFault(explain(error)),
    );
  };
  return (
    <li className="key" data-provider={name}>
      <div className="key-name">
        <strong>{name}</strong>
        <span className="field-hint">
          <code className="mono">{env}</code> · {SOURCES[source]}
        </span>
      </div>
      {source === "settings" ? (
        <Button look="outline" small onClick={() => ask("remove_key")}>
          Remove
        </Button>
      ) : canKeep && source === "none" ? (
        <KeyForm name={name} value={key} onChange={setKey} onKeep={() => ask("set_key")} />
      ) : source === "environment" ? (
        <span className="chip">set</span>
      ) : null}
      {fault === null ? null : (
        <p className="key-fault" role="alert">
          {fault}
        </p>
      )}
    </li>
  );
}

interface KeyFormProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeep: () => void;
}

function KeyForm({ name, value, onChange, onKeep }: KeyFormProps): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  useFocusLeft(form);
  return (
    <form
      ref={form}
      className="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== "") onKeep();
      }}
    >
      <input
        className="input"
        type="password"
        autoComplete="off"
        spellCheck={false}
        aria-label={`Key of ${name}`}
        placeholder="Paste the key"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button look="outline" type="submit" disabled={value.trim() === ""}>
        Keep
      </Button>
    </form>
  );
}

function Appearance(): ReactNode {
  return (
    <section className="settings-section" aria-labelledby="settings-look">
      <h3 id="settings-look">Appearance</h3>
      <Choice
        label="Theme"
        atom={themeAtom}
        options={[
          ["system", "As the system"],
          ["light", "Light"],
          ["dark", "Dark"],
        ]}
      />
      <Choice
        label="Contrast"
        atom={contrastAtom}
        options={[
          ["system", "As the system"],
          ["normal", "Normal"],
          ["more", "High"],
        ]}
      />
      <Choice
        label="Density"
        atom={densityAtom}
        options={DENSITIES.map((name) => [name, DENSITY_WORDS[name]] as const)}
      />
      <Toggle label="Fold finished tiles away" atom={foldFinishedAtom} />
      <Toggle label="Shortcuts of one letter" atom={letterShortcutsAtom} />
    </section>
  );
}

function Desktop({ desktop }: { desktop: DesktopState }): ReactNode {
  const session = useSession();
  return (
    <section className="settings-section" aria-labelledby="settings-desktop">
      <h3 id="settings-desktop">This computer</h3>
      <label className="toggle">
        <input
          type="checkbox"
          checked={desktop.notifications}
          onChange={(event) => {
            session
              .request({ type: "desktop_request", method: "set_notifications", enabled: event.target.checked })
              .catch(() => undefined);
          }}
        />
        Notify me when a workflow ends while the window is in the background
      </label>
      <Recording history={desktop.history} />
      <p className="field-hint">Runs on {desktop.runtime}</p>
    </section>
  );
}

function Recording({ history }: { history: DesktopState["history"] }): ReactNode {
  const session = useSession();
  const { folder, enabled, recording } = history;
  if (folder === null) return <p className="field-hint">Nothing is recorded: FLOCKDECK_HISTORY is off.</p>;
  return (
    <>
      <label className="toggle">
        <input
          type="checkbox"
          checked={enabled}
          onChange={(event) => {
            session
              .request({ type: "desktop_request", method: "set_recording", enabled: event.target.checked })
              .catch(() => undefined);
          }}
        />
        Record what runs, so that it can be replayed
      </label>
      <p className="field-hint">
        {enabled && !recording ? "Begins with the next flock file that is opened, or read again. " : ""}
        Kept in {folder}.
      </p>
    </>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly atom: WritableAtom<T, [T], void>;
  readonly options: readonly (readonly [T, string])[];
}

function Choice<T extends string>({ label, atom, options }: ChoiceProps<T>): ReactNode {
  const [value, setValue] = useAtom(atom);
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div className="choice-options">
        {options.map(([name, words]) => (
          <button
            key={name}
            type="button"
            className="choice-option"
            aria-pressed={value === name}
            onClick={() => setValue(name)}
          >
            {words}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function Toggle({ label, atom }: { label: string; atom: WritableAtom<boolean, [boolean], void> }): ReactNode {
  const [on, setOn] = useAtom(atom);
  return (
    <label className="toggle">
      <input type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} />
      {label}
    </label>
  );
}
