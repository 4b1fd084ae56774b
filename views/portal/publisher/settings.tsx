// Who somebody is as a publisher, and how they show that a server is theirs.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import {
  Avatar,
  Badge,
  Button,
  CopyLine,
  Empty,
  Form,
  FormOf,
  type FormView,
  Notice,
  RowLink,
  Table,
  Time,
  When,
} from "../../ui/index.ts"

export interface ServerProof {
  host: string
  provenMs: number | null
  provenBy: "dns" | "file" | "admin" | null
  triedMs: number | null
  /** Since when it is not there any more. */
  missingMs: number | null
  dnsName: string
  dnsValue: string
  fileUrl: string
  fileText: string
}

export interface PublisherSettingsProps {
  frame: Frame
  now: number
  details: FormView
  server: FormView
  /** `url` undefined = there is none. */
  logo: { url: string | undefined; name: string; form: FormView }
  servers: readonly ServerProof[]
  /** Addresses that still lead to the present one. */
  former: readonly { slug: string; untilMs: number }[]
}

const BY = { dns: "by its DNS record", file: "by its file", admin: "by an admin’s word" } as const
const serverPath = (host: string): string => `/publisher/settings/servers/${encodeURIComponent(host)}`

export function PublisherSettingsPage({
  frame,
  now,
  details,
  server,
  logo,
  servers,
  former,
}: PublisherSettingsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Publisher settings"
      section="Developer"
      lead="Who you are to people who use your APIs, and which servers are yours."
      up={{ href: "/publisher", label: "Your APIs" }}
    >
      <section aria-labelledby="who-title">
        <h2 id="who-title">You</h2>
        <FormOf form={details} csrf={frame.csrf} class="form page-form" />
        {former.length === 0 ? null : (
          <p class="quiet">
            {"These lead to the present address: "}
            {former.map(({ slug, untilMs }, at) => (
              <>
                {at === 0 ? "" : ", "}
                <code safe>{slug}</code>
                {" until "}
                <Time ms={untilMs} />
              </>
            ))}
          </p>
        )}
      </section>
      <Logo frame={frame} logo={logo} />
      <section aria-labelledby="servers-title">
        <h2 id="servers-title">Servers</h2>
        <p class="quiet page-form">Calls that people pay for go only to servers whose owner is known.</p>
        <Table
          caption="Servers"
          hideCaption
          columns={[{ label: "Host" }, { label: "State" }]}
          rows={servers.map((one) => [
            <RowLink href={serverPath(one.host)} label={one.host} />,
            <Proven proof={one} now={now} />,
          ])}
          empty={<Empty title="No server yet" text="Add the host that your API runs on, and show that it is yours." />}
        />
        <h3>Add a server</h3>
        <FormOf form={server} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
    </ConsoleLayout>
  )
}

function Logo({ frame, logo }: Pick<PublisherSettingsProps, "frame" | "logo">): JSX.Element {
  return (
    <section aria-labelledby="logo-title">
      <h2 id="logo-title">Logo</h2>
      <p class="quiet">People see it on the cards of the marketplace and on the pages of your APIs.</p>
      <div class="current-picture">
        <Avatar name={logo.name} src={logo.url} large />
        {logo.url === undefined ? null : (
          <Form action="/publisher/settings/logo/removal" csrf={frame.csrf} class="cell-form">
            <Button small label="Remove logo" />
          </Form>
        )}
      </div>
      <FormOf form={logo.form} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}

function Proven({ proof, now }: { proof: ServerProof; now: number }): JSX.Element {
  if (proof.provenMs === null) return <Badge tone="warn" text="To be proven" />
  return (
    <>
      {proof.missingMs === null ? <Badge tone="ok" text="Yours" /> : <Badge tone="warn" text="Not found any more" />}{" "}
      <span class="quiet">
        {proof.missingMs === null ? "" : "proven "}
        {proof.provenBy ? `${BY[proof.provenBy]}, ` : ""}
        <When ms={proof.provenMs} now={now} />
      </span>
    </>
  )
}

/** It counts for a while: name servers have bad days. */
function Missing({ proof: { missingMs }, now }: { proof: ServerProof; now: number }): JSX.Element {
  if (missingMs === null) return ""
  return (
    <Notice tone="warn" text="Neither the record nor the file is there any more.">
      <p>
        {"First missed "}
        <When ms={missingMs} now={now} />
        {
          ". We look each day; after seven days your APIs on this server leave the marketplace. Put one of the two back."
        }
      </p>
    </Notice>
  )
}

export interface ServerPageProps {
  frame: Frame
  now: number
  proof: ServerProof
  form: FormView
}

export function ServerPage({ frame, now, proof, form }: ServerPageProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title={proof.host}
      section="Developer"
      lead="Show that this server is yours, in one of two ways."
      up={{ href: "/publisher/settings", label: "Publisher settings" }}
    >
      <p class="badges">
        <Proven proof={proof} now={now} />
      </p>
      <Missing proof={proof} now={now} />
      <Ways proof={proof} />
      <FormOf
        form={form}
        csrf={frame.csrf}
        class="form"
        beside={
          proof.triedMs === null ? null : (
            <span class="quiet">
              {"Last looked "}
              <When ms={proof.triedMs} now={now} />
            </span>
          )
        }
      />
      <Form action={`${serverPath(proof.host)}/removal`} csrf={frame.csrf} class="actions">
        <Button label="Remove this server" />
      </Form>
    </ConsoleLayout>
  )
}

export function Ways({
  proof,
}: {
  proof: Pick<ServerProof, "dnsName" | "dnsValue" | "fileUrl" | "fileText">
}): JSX.Element {
  return (
    <>
      <section aria-labelledby="dns-title">
        <h2 id="dns-title">A DNS record</h2>
        <p>Add a record of the type TXT where the name is kept:</p>
        <dl class="facts wide">
          <div>
            <dt>Name</dt>
            <dd>
              <CopyLine id="dns-name" text={proof.dnsName} />
            </dd>
          </div>
          <div>
            <dt>Value</dt>
            <dd>
              <CopyLine id="dns-value" text={proof.dnsValue} />
            </dd>
          </div>
        </dl>
      </section>
      <section aria-labelledby="file-title">
        <h2 id="file-title">Or a file</h2>
        <p>Let your server answer this address with a line of text:</p>
        <dl class="facts wide">
          <div>
            <dt>Address</dt>
            <dd>
              <CopyLine id="file-url" text={proof.fileUrl} />
            </dd>
          </div>
          <div>
            <dt>Line</dt>
            <dd>
              <CopyLine id="file-text" text={proof.fileText} />
            </dd>
          </div>
        </dl>
      </section>
    </>
  )
}
