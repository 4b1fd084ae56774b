// One metered service: a new one, its terms, and turning it off.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Button, CodeBlock, Form, type FormView, Id } from "../ui/index.ts"
import { type ServiceRow, servicePath, usedWords } from "./services.tsx"

const UP = { href: "/admin/services", label: "Services" }

export function AdminServiceNewPage({ frame, form }: { frame: Frame; form: FormView }): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title="New service"
      section="Admin"
      lead="Work of your own that is charged by the piece. It can be charged as soon as it is added."
      up={UP}
      form={form}
      cancelHref="/admin/services"
    />
  )
}

export interface AdminServiceProps {
  frame: Frame
  service: ServiceRow
  days: number
  /** Where programs call. */
  apiOrigin: string
  form: FormView
}

export function AdminServicePage({ frame, service, days, apiOrigin, form }: AdminServiceProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={service.name}
      section="Admin"
      lead="A new price holds for the next use. What was charged before keeps its price."
      up={UP}
      form={form}
      heading="Terms"
      before={
        <section aria-labelledby="use-title">
          <h2 id="use-title">Use</h2>
          <div class="badges">
            {service.active ? <Badge tone="ok" text="On" /> : <Badge tone="warn" text="Off" />}
            <Id text={service.slug} />
            <StateButton frame={frame} service={service} />
          </div>
          <p safe>{usedWords(service, days)}</p>
        </section>
      }
      after={
        <section aria-labelledby="call-title">
          <h2 id="call-title">Report a use</h2>
          <p class="quiet page-form">
            Needs an admin’s API key with the permission admin:credits. Send the same Idempotency-Key again when you do
            not know whether the first request arrived: it is charged once.
          </p>
          <CodeBlock id="track-example" title="curl" language="bash" code={exampleOf(apiOrigin, service)} />
        </section>
      }
    />
  )
}

function StateButton({ frame, service }: Pick<AdminServiceProps, "frame" | "service">): JSX.Element {
  const path = servicePath(service.slug)
  if (service.active) return <Button small dialog href={`${path}/deactivation`} label="Turn off" />
  return (
    <Form action={`${path}/activation`} csrf={frame.csrf} class="cell-form">
      <Button small label="Turn on" />
    </Form>
  )
}

const exampleOf = (origin: string, { slug, quantityMin }: ServiceRow): string =>
  `curl ${origin}/api/v1/metering/track \\
  -H "Authorization: Bearer $PURSER_KEY" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ user: "usr_…", service: slug, quantity: quantityMin })}'`

export interface AdminServiceOffProps {
  frame: Frame
  service: { slug: string; name: string }
  form: FormView
}

export function AdminServiceOffPage({ frame, service, form }: AdminServiceOffProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Turn off ${service.name}?`}
      section="Admin"
      up={UP}
      words={[
        "Uses that are reported from now on are refused, and nobody is charged for them.",
        "What was charged stays. You can turn it on again.",
      ]}
      form={{ ...form, submit: `Turn off ${service.name}` }}
      cancelHref={servicePath(service.slug)}
    />
  )
}
