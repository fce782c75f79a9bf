/** The look of generated forms: labels above, hints below, one hairline between what belongs together. */
import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  buttonId,
  canExpand,
  type DescriptionFieldProps,
  type FieldTemplateProps,
  type IconButtonProps as FormIconButtonProps,
  getTemplate,
  type ObjectFieldTemplateProps,
  type TemplatesType,
  type UiSchema,
} from "@rjsf/utils";
import type { ReactNode } from "react";
import { Button, IconButton } from "../ui/button.js";
import type { IconName } from "../ui/icon.js";
import { isLongText } from "./flat-text.js";

function Field(props: FieldTemplateProps): ReactNode {
  const { id, label, children, errors, hidden, required, displayLabel, description, registry } = props;
  if (hidden === true) return <div hidden>{children}</div>;
  const Wrap = getTemplate("WrapIfAdditionalTemplate", registry);
  return (
    <Wrap {...props}>
      <div className="field">
        {displayLabel === true && label !== "" ? (
          <label className="field-label" htmlFor={id}>
            {label}
            {required === true ? null : <span className="field-optional"> optional</span>}
          </label>
        ) : null}
        {children}
        {displayLabel === true ? description : null}
        {errors}
      </div>
    </Wrap>
  );
}

function Description({ description, id }: DescriptionFieldProps): ReactNode {
  if (description === undefined || description === "") return null;
  return (
    <p className="field-hint" id={id}>
      {description}
    </p>
  );
}

function ObjectFields(props: ObjectFieldTemplateProps): ReactNode {
  const { title, description, properties, fieldPathId, schema, uiSchema, formData, onAddProperty, disabled } = props;
  const root = fieldPathId.path.length === 0;
  const fields = properties.map(({ content }) => content);
  const add = canExpand(schema, uiSchema, formData) ? (
    <Button small icon="plus" disabled={disabled === true} onClick={() => onAddProperty()}>
      Add a property
    </Button>
  ) : null;
  if (root) {
    return (
      <div className="fields">
        {fields}
        {add}
      </div>
    );
  }
  return (
    <fieldset className="fieldset" id={fieldPathId.$id}>
      <legend className="field-label">{title}</legend>
      {typeof description === "string" ? <p className="field-hint">{description}</p> : description}
      <div className="fields">{fields}</div>
      {add}
    </fieldset>
  );
}

function ArrayFields(props: ArrayFieldTemplateProps): ReactNode {
  const { title, items, canAdd, onAddClick, disabled, fieldPathId, schema, required } = props;
  return (
    <fieldset className="fieldset" id={fieldPathId.$id}>
      <legend className="field-label">
        {title}
        {required === true ? null : <span className="field-optional"> optional</span>}
      </legend>
      {schema.description === undefined ? null : <p className="field-hint">{schema.description}</p>}
      <div className="array-items">{items}</div>
      {canAdd === true ? (
        <Button small icon="plus" id={buttonId(fieldPathId, "add")} disabled={disabled === true} onClick={onAddClick}>
          Add
        </Button>
      ) : null}
    </fieldset>
  );
}

function ArrayItem({ children, buttonsProps, hasToolbar, registry }: ArrayFieldItemTemplateProps): ReactNode {
  const Buttons = getTemplate("ArrayFieldItemButtonsTemplate", registry);
  return (
    <div className="array-item">
      <div className="array-item-field">{children}</div>
      {hasToolbar ? (
        <div className="array-item-tools">
          <Buttons {...buttonsProps} />
        </div>
      ) : null}
    </div>
  );
}

interface FormButtonProps extends FormIconButtonProps {
  readonly name: IconName;
  readonly label: string;
}

function FormButton({ id, disabled, onClick, name, label }: FormButtonProps): ReactNode {
  return <IconButton small icon={name} label={label} id={id} disabled={disabled} onClick={onClick} />;
}

const RemoveButton = (props: FormIconButtonProps) => <FormButton {...props} name="close" label="Remove" />;
const MoveUpButton = (props: FormIconButtonProps) => <FormButton {...props} name="up" label="Move up" />;
const MoveDownButton = (props: FormIconButtonProps) => <FormButton {...props} name="down" label="Move down" />;
const CopyButton = (props: FormIconButtonProps) => <FormButton {...props} name="copy" label="Copy" />;
const AddButton = (props: FormIconButtonProps) => <FormButton {...props} name="plus" label="Add" />;
const ClearButton = (props: FormIconButtonProps) => <FormButton {...props} name="close" label="Clear" />;

export const templates: Partial<Omit<TemplatesType, "ButtonTemplates">> & {
  ButtonTemplates: Partial<TemplatesType["ButtonTemplates"]>;
} = {
  FieldTemplate: Field,
  DescriptionFieldTemplate: Description,
  ObjectFieldTemplate: ObjectFields,
  ArrayFieldTemplate: ArrayFields,
  ArrayFieldItemTemplate: ArrayItem,
  ButtonTemplates: { RemoveButton, MoveUpButton, MoveDownButton, CopyButton, AddButton, ClearButton },
};

/** Where the form should differ from the schema's plain reading, learnt from the sample. */
export function uiSchemaFor(schema: unknown, sample: unknown): UiSchema {
  const ui: UiSchema = { "ui:submitButtonOptions": { norender: true } };
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return ui;
  const properties = schema.properties;
  if (typeof properties !== "object" || properties === null) return ui;
  const values = typeof sample === "object" && sample !== null ? (sample as Record<string, unknown>) : {};
  for (const [name, property] of Object.entries(properties as Record<string, unknown>)) {
    if (typeof property !== "object" || property === null || !("type" in property)) continue;
    if (property.type !== "string" || "enum" in property || "format" in property) continue;
    if (isLongText(name, values[name])) ui[name] = { "ui:widget": "textarea" };
  }
  return ui;
}
