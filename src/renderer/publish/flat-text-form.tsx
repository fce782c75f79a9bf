import type { ReactNode, Ref } from "react";
import { isObject, type TextField } from "./flat-text.js";

interface FlatTextFormProps {
  readonly ref: Ref<HTMLFormElement>;
  readonly idPrefix: string;
  readonly fields: readonly TextField[];
  readonly payload: unknown;
  readonly onChange: (payload: unknown) => void;
  readonly onSubmit: () => void;
}

/** A row of strings, with the look of a generated form. */
export function FlatTextForm({ ref, idPrefix, fields, payload, onChange, onSubmit }: FlatTextFormProps): ReactNode {
  const values = isObject(payload) ? payload : {};
  const change = (name: string, text: string) => {
    const { [name]: _before, ...others } = values;
    onChange(text === "" ? others : { ...values, [name]: text });
  };
  return (
    <form
      ref={ref}
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {fields.map((field) => (
        <Field
          key={field.name}
          id={`${idPrefix}_${field.name}`}
          field={field}
          value={values[field.name]}
          onChange={(text) => change(field.name, text)}
        />
      ))}
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly field: TextField;
  readonly value: unknown;
  readonly onChange: (text: string) => void;
}

function Field({ id, field, value, onChange }: FieldProps): ReactNode {
  const hint = field.description === undefined ? undefined : `${id}__description`;
  const input = {
    id,
    name: id,
    className: "form-control",
    required: field.required,
    value: typeof value === "string" ? value : "",
    "aria-describedby": hint,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {field.label}
        {field.required ? null : <span className="field-optional"> optional</span>}
      </label>
      {field.long ? <textarea {...input} /> : <input type="text" {...input} />}
      {hint === undefined ? null : (
        <p className="field-hint" id={hint}>
          {field.description}
        </p>
      )}
    </div>
  );
}
