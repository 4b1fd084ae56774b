// Try-it: the endpoint's fields as a form, and the answer as text. What an API answers is never markup of this page, and no script.
import { count, plural } from "../../ui/format.ts"
import { Area, Badge, Button, CodeBlock, Field, Form, Icon, Id, Notice, Select } from "../../ui/index.ts"
import type { MarketEndpointProps } from "./endpoint.tsx"
import type { TryAnswer, TryField, TryForm, TryLock } from "./types.ts"
import { marketPath } from "./words.ts"

export function TryIt({ frame, product, endpoint, form, lock, answer }: MarketEndpointProps): JSX.Element {
  return (
    <section id="try" aria-labelledby="try-title" class="market-try">
      <h2 id="try-title">Try it</h2>
      {lock === undefined ? null : <Lock lock={lock} slug={product.slug} minPlan={endpoint.minPlan} />}
      <Form action={form.action} csrf={frame.csrf}>
        {form.error === undefined ? null : (
          <p class="error" role="alert">
            <Icon name="alert" />
            <span safe>{form.error}</span>
          </p>
        )}
        {form.fields.map((field) => (
          <TryInput field={field} />
        ))}
        <Body body={form.body} />
        <Keys form={form} />
        <Button
          kind={lock === undefined ? "primary" : "plain"}
          label={lock === undefined ? "Send the call" : "Show the stored answer"}
        />
        {lock === undefined ? (
          <p class="quiet" safe>
            {endpoint.weight === 0
              ? "It uses nothing of your quota."
              : `It uses ${plural(endpoint.weight, "unit")} of your quota, as any call does.`}
          </p>
        ) : null}
      </Form>
      {answer === undefined ? null : <Answer answer={answer} slug={product.slug} />}
    </section>
  )
}

function Lock({ lock, slug, minPlan }: { lock: TryLock; slug: string; minPlan: string | null }): JSX.Element {
  const words: Readonly<Record<TryLock, string>> = {
    signed_out: "Sign in and subscribe to make calls here. Until then it shows the answer that its publisher stored.",
    not_subscribed: "Subscribe to make calls here. Until then it shows the answer that its publisher stored.",
    plan: `Your plan does not have this endpoint: it needs ${minPlan ?? "another plan"} or above. The stored answer can be shown.`,
    no_key: "You have no key that works. Make one to call from here; until then the stored answer is shown.",
    role: "Your role in this team makes no calls: its owner and admins do. The stored answer can be shown.",
    stopped: "Your subscription cannot make calls now. The stored answer can be shown.",
  }
  const next: Readonly<Record<TryLock, { href: string; label: string }>> = {
    signed_out: { href: marketPath(slug), label: "See plans" },
    not_subscribed: { href: marketPath(slug), label: "See plans" },
    plan: { href: marketPath(slug), label: "Compare plans" },
    no_key: { href: marketPath(slug, "keys"), label: "Your keys" },
    role: { href: marketPath(slug), label: "Compare plans" },
    stopped: { href: marketPath(slug, "billing"), label: "See why" },
  }
  return (
    <Notice text={words[lock]}>
      <p>
        <a href={next[lock].href} safe>
          {next[lock].label}
        </a>
      </p>
    </Notice>
  )
}

const helpOf = ({ place, type, isRequired }: TryField): string =>
  `${{ path: "In the path", query: "In the query", header: "Header" }[place]}, ${type}${isRequired ? "" : ", optional"}`

function TryInput({ field }: { field: TryField }): JSX.Element {
  const { name, label, typed, error, isRequired, options } = field
  if (options.length > 0)
    return (
      <Select
        name={name}
        label={label}
        help={helpOf(field)}
        error={error}
        value={typed}
        options={[
          ...(isRequired ? [] : [{ value: "", label: "Leave out" }]),
          ...options.map((value) => ({ value, label: value })),
        ]}
      />
    )
  return (
    <Field
      name={name}
      label={label}
      help={helpOf(field)}
      error={error}
      value={typed}
      required={isRequired}
      autocomplete="off"
      spellcheck={false}
      mono
    />
  )
}

function Body({ body }: Pick<TryForm, "body">): JSX.Element {
  if (!body) return ""
  return <Area name="body" label="Body" help={body.type} error={body.error} value={body.typed} rows={8} mono />
}

function Keys({ form: { keys, key } }: { form: TryForm }): JSX.Element {
  const [only] = keys
  if (only === undefined) return ""
  if (keys.length === 1) return <input type="hidden" name="key" value={only.id} />
  return (
    <Select
      name="key"
      label="As which key"
      value={key}
      options={keys.map(({ id, name }) => ({ value: id, label: name }))}
    />
  )
}

function Answer({ answer, slug }: { answer: TryAnswer; slug: string }): JSX.Element {
  const { status, statusText, ms, requestId, headers, isExample, bytes } = answer
  const tone = status < 300 ? "ok" : status < 400 ? "neutral" : status < 500 ? "warn" : "bad"
  return (
    <section id="answer" class="market-answer" aria-labelledby="answer-title">
      <h3 id="answer-title">{isExample ? "Stored answer" : "Answer"}</h3>
      <p class="badges" role="status">
        <Badge tone={tone} text={`${status} ${statusText}`.trim()} />
        {isExample ? <Badge text="Example, no call was made" /> : null}
        {ms === null ? null : <span class="quiet num" safe>{`${count(ms)} ms`}</span>}
        <span class="quiet num" safe>
          {plural(bytes, "byte")}
        </span>
      </p>
      <BodyOf answer={answer} />
      {headers.length === 0 ? null : (
        <details>
          <summary safe>{plural(headers.length, "header")}</summary>
          <CodeBlock
            id="answer-headers"
            title="Headers"
            language="http"
            code={headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
          />
        </details>
      )}
      {requestId === null ? null : (
        <p class="quiet">
          {"In your "}
          <a href={marketPath(slug, "calls")}>calls</a>
          {": "}
          <Id text={requestId} />
        </p>
      )}
    </section>
  )
}

function BodyOf({ answer: { body, type, language, isCut, bytes } }: { answer: TryAnswer }): JSX.Element {
  if (bytes === 0) return <p class="quiet">It has no body.</p>
  if (body === null)
    return <p class="quiet" safe>{`The body is ${type || "of no named type"}, which is not shown here.`}</p>
  return (
    <>
      <CodeBlock id="answer-body" title={type || "Body"} code={body} language={language} />
      {isCut ? <p class="quiet">The rest is left out: it is too long to show.</p> : null}
    </>
  )
}
