// A call that the reader's own browser makes from the page of an operation. No field has a name and the form has no address: nothing that
// is typed can get into an address, a log or another page, whatever becomes of the script.
import { assetUrl } from "../../layout/assets.ts"
import type { Frame } from "../../layout/frame.ts"
import { Button, Icon } from "../../ui/index.ts"
import type { ReferenceOperation, TryField, TryForm, Trying } from "./types.ts"

interface TryProps {
  frame: Frame
  operation: Pick<ReferenceOperation, "summary" | "method" | "path">
  trying: NonNullable<Trying>
}

export function TryIt({ frame, operation, trying }: TryProps): JSX.Element {
  return (
    <section class="try" aria-labelledby="try">
      <h2 id="try">Try it</h2>
      {"signIn" in trying ? (
        <p>
          <a href={trying.signIn}>Sign in</a>
          {" to make this call from here."}
        </p>
      ) : (
        <>
          <p class="nojs">Calls from this page need scripts. The example on this page runs in any terminal.</p>
          <Call frame={frame} form={trying.form} operation={operation} />
        </>
      )}
    </section>
  )
}

function Call({ frame, form, operation }: { frame: Frame; form: TryForm; operation: TryProps["operation"] }) {
  const { method, path, origin, proof, body } = form
  const isSession = proof.by === "session"
  return (
    <form
      class="form js"
      autocomplete="off"
      data-module={assetUrl("js/try.js")}
      {...{
        "data-method": method,
        "data-path": path,
        "data-origin": origin,
        "data-proof": proof.by,
        "data-csrf": isSession ? frame.csrf : undefined,
        "data-once": form.once ? "" : undefined,
      }}
    >
      <div class="try-go">
        <p class="actions" data-try="go">
          <Button kind="primary" label="Send the call" />
          <button class="button plain" type="button" data-try="stop" hidden={true}>
            Stop
          </button>
        </p>
        <Ask form={form} operation={operation} />
        <p class="error" role="alert" hidden={true} data-try="error"></p>
      </div>
      <Proof proof={proof} />
      <Inputs fields={form.parameters} />
      {body === null ? null : body.whole === null ? (
        <Inputs fields={body.fields} />
      ) : (
        <Area id="try-whole" label="Body" help="JSON" value={body.whole} rows={10} />
      )}
      <Answer />
    </form>
  )
}

function Ask({ form, operation }: { form: TryForm; operation: TryProps["operation"] }): JSX.Element {
  if (form.asks === null) return ""
  return (
    <div class="try-ask" data-try="ask" hidden={true}>
      <p>
        <strong>{form.asks === "deletes" ? "This deletes, and cannot be undone." : "This is no rehearsal."}</strong>{" "}
        <span
          safe
        >{`${operation.summary}: ${form.method} ${form.path} is done on this server, as what you typed says.`}</span>
      </p>
      <p class="actions">
        <Button kind="danger" label={`Send ${form.method}`} />
        <button class="button plain" type="button" data-try="back">
          Cancel
        </button>
      </p>
    </div>
  )
}

const KEEPING = "It stays in this page alone: it is not stored, and gone when you leave."

function Proof({ proof }: Pick<TryForm, "proof">): JSX.Element {
  if (proof.by === "nothing") return ""
  const isApp = proof.by === "key" && proof.of === "app"
  const scopes = proof.by === "key" ? proof.scopes : []
  const needs = scopes.length === 0 ? "" : `It needs ${scopes.join(", ")}. `
  return (
    <div class="field">
      <label for="try-key">
        {isApp ? "Secret key of your app" : "API key"}
        {proof.by === "session" ? <span class="optional"> (optional)</span> : null}
      </label>
      <p class="help" id="try-key-help">
        {proof.by === "session" ? "Left empty, you ask as yourself, by your sign-in. " : ""}
        <span safe>{needs}</span>
        {KEEPING} {isApp ? <a href="/developer">Your apps</a> : <a href="/keys">Your keys</a>}
      </p>
      <span class="control">
        <input
          id="try-key"
          class="mono"
          type="password"
          autocomplete="off"
          spellcheck="false"
          data-try="key"
          required={proof.by === "key"}
          aria-describedby="try-key-help"
        />
      </span>
    </div>
  )
}

/** What is needed or stands in the example is in sight; the rest folds. */
function Inputs({ fields }: { fields: readonly TryField[] }): JSX.Element {
  const first = fields.filter((one) => one.required || one.value !== "")
  const rest = fields.filter((one) => !first.includes(one))
  return (
    <>
      {first.map((one) => (
        <Input field={one} id={idOf(fields, one)} />
      ))}
      {rest.length === 0 ? null : (
        <details>
          <summary>
            <Icon name="down" />
            <span safe>{`${rest.length} more that may be sent`}</span>
          </summary>
          {rest.map((one) => (
            <Input field={one} id={idOf(fields, one)} />
          ))}
        </details>
      )}
    </>
  )
}

/** By place, for names hold signs that ids must not. */
const idOf = (fields: readonly TryField[], one: TryField): string => `try-${one.at}-${fields.indexOf(one) + 1}`

function Input({ field, id }: { field: TryField; id: string }): JSX.Element {
  const { at, name, kind, required, type, value } = field
  const own = { "data-at": at, "data-member": name, "data-kind": kind }
  const help = `${PLACES[at]}${type}`
  if (kind === "json") return <Area id={id} label={name} help={help} value={value} rows={5} field={field} />
  return (
    <div class="field">
      <Label id={id} label={name} required={required} help={help} />
      <span class="control">
        {kind === "choice" || kind === "flag" ? (
          <select id={id} aria-describedby={`${id}-help`} required={required} {...own}>
            {required && value !== "" ? null : <option value="">Left out</option>}
            {(kind === "flag" ? ["true", "false"] : field.options).map((one) => (
              <option value={one} selected={one === value} safe>
                {one.replace(/^"(.*)"$/, "$1")}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={id}
            class="mono"
            type="text"
            inputmode={kind === "number" || kind === "count" ? "decimal" : undefined}
            value={value}
            required={required}
            autocomplete="off"
            spellcheck="false"
            aria-describedby={`${id}-help`}
            {...own}
          />
        )}
      </span>
    </div>
  )
}

const PLACES = { path: "In the address, ", query: "In the query, ", header: "In the headers, ", body: "" } as const

function Label({ id, label, help, required }: { id: string; label: string; help: string; required: boolean }) {
  return (
    <>
      <label for={id}>
        <code>
          <bdi safe>{label}</bdi>
        </code>
        {required ? null : <span class="optional"> (optional)</span>}
      </label>
      <p class="help" id={`${id}-help`} safe>
        {help}
      </p>
    </>
  )
}

interface AreaProps {
  id: string
  label: string
  help: string
  value: string
  rows: number
  /** None: the whole body. */
  field?: TryField
}

function Area({ id, label, help, value, rows, field }: AreaProps): JSX.Element {
  const required = field?.required ?? true
  return (
    <div class="field">
      <Label id={id} label={label} required={required} help={field ? `${help}, as JSON` : help} />
      <textarea
        id={id}
        class="mono"
        rows={String(Math.min(rows, Math.max(2, value.split("\n").length)))}
        required={required}
        spellcheck="false"
        aria-describedby={`${id}-help`}
        {...{ "data-at": field?.at ?? "whole", "data-member": field?.name, "data-kind": "json" }}
        safe
      >
        {value}
      </textarea>
    </div>
  )
}

/** Filled by the script, as text: what an API answers is never markup of this page. */
function Answer(): JSX.Element {
  return (
    <div class="try-answer" data-try="answer" hidden={true}>
      <h3>What came back</h3>
      <p class="badges" role="status">
        <span class="badge" data-try="status"></span>
        <span class="quiet num" data-try="facts"></span>
      </p>
      <p class="quiet" data-try="next" hidden={true}>
        {"This asks first who is there. "}
        <a href="/confirm" data-try="confirm">
          Confirm that it is you
        </a>
        {", then send it again."}
      </p>
      <details>
        <summary>
          <Icon name="down" />
          <span>Headers</span>
        </summary>
        <div class="code">
          <pre tabindex="0">
            <code data-try="headers"></code>
          </pre>
        </div>
      </details>
      <div class="code">
        <pre tabindex="0">
          <code data-try="body"></code>
        </pre>
      </div>
      <p class="quiet" data-try="cut" hidden={true}>
        The rest is left out: it is too long to show.
      </p>
    </div>
  )
}
