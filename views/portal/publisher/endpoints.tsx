// Endpoints of an API: the list, a new one, and the question before one goes.
import type { Nano } from "../../../src/app/units.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import {
  Badge,
  Button,
  Count,
  Empty,
  Form,
  FormOf,
  type FormView,
  Pager,
  RowLink,
  Table,
  When,
} from "../../ui/index.ts"
import { ProductFrame, type ProductHead, productPath } from "./product-frame.tsx"

export interface EndpointLine {
  /** `epd_…` */
  id: string
  method: string
  path: string
  title: string
  /** Null = every plan. */
  plan: string | null
  weight: number
  price: Nano
  validates: boolean
  /** It takes calls from some addresses alone. */
  hasAddresses: boolean
  deprecated: boolean
}

export interface EndpointsPageProps {
  frame: Frame
  now: number
  product: ProductHead
  endpoints: readonly EndpointLine[]
  imported: { fromUrl: string | null; ms: number } | null
  pager: { previousHref?: string | undefined; nextHref?: string | undefined; summary?: string | undefined }
}

export const endpointPath = (product: ProductHead, endpoint: Pick<EndpointLine, "id">): string =>
  `${productPath(product)}/endpoints/${encodeURIComponent(endpoint.id)}`

export function EndpointsPage({ frame, now, product, endpoints, imported, pager }: EndpointsPageProps): JSX.Element {
  const path = productPath(product)
  return (
    <ProductFrame frame={frame} product={product} current="endpoints">
      <p class="actions">
        <Button kind="primary" icon="plus" href={`${path}/endpoints/new`} label="New endpoint" />
        <Button href={`${path}/import`} label="Import a document" />
        {endpoints.length === 0 ? null : <Button icon="download" href={`${path}/openapi.json`} label="OpenAPI" />}
      </p>
      {imported ? <Imported imported={imported} now={now} /> : null}
      <Lines frame={frame} product={product} endpoints={endpoints} />
      <Pager label="Endpoints" {...pager} nextLabel="More" previousLabel="Back" />
    </ProductFrame>
  )
}

function Imported({
  imported,
  now,
}: {
  imported: NonNullable<EndpointsPageProps["imported"]>
  now: number
}): JSX.Element {
  return (
    <p class="quiet">
      {imported.fromUrl ? (
        <>
          {"From "}
          <code safe>{imported.fromUrl}</code>
        </>
      ) : (
        "From a document"
      )}
      {", imported "}
      <When ms={imported.ms} now={now} />
    </p>
  )
}

function Lines({
  frame,
  product,
  endpoints,
}: Pick<EndpointsPageProps, "frame" | "product" | "endpoints">): JSX.Element {
  const path = productPath(product)
  return (
    <Table
      caption={`Endpoints of ${product.title}`}
      hideCaption
      columns={[
        { label: "Call" },
        { label: "Title" },
        { label: "Lowest plan" },
        { label: "Units", numeric: true, minor: true },
        { label: "Order", silent: true },
      ]}
      rows={endpoints.map((endpoint, at) => [
        <>
          <RowLink href={endpointPath(product, endpoint)} label={`${endpoint.method} ${endpoint.path}`} />{" "}
          {endpoint.deprecated ? <Badge tone="warn" text="Deprecated" /> : null}
        </>,
        <bdi safe>{endpoint.title}</bdi>,
        endpoint.plan === null ? <span class="quiet">Every plan</span> : <bdi safe>{endpoint.plan}</bdi>,
        <Count value={endpoint.weight} />,
        at === 0 ? (
          ""
        ) : (
          <Form
            action={`${path}/endpoints/order`}
            csrf={frame.csrf}
            class="inline"
            hidden={{ endpoint: endpoint.id, by: "up" }}
          >
            <Button small icon="up" label={`Move up`} />
          </Form>
        ),
      ])}
      empty={
        <Empty
          title="No endpoint yet"
          text="Import an OpenAPI document, or add the first one by hand. Only what stands here can be called."
        />
      }
    />
  )
}

export function NewEndpointPage({
  frame,
  product,
  form,
}: {
  frame: Frame
  product: ProductHead
  form: FormView
}): JSX.Element {
  const up = { href: `${productPath(product)}/endpoints`, label: "Endpoints" }
  return (
    <ProductFrame frame={frame} product={product} current="endpoints" title="New endpoint" up={up}>
      <section aria-labelledby="edit-title">
        <h2 id="edit-title" class="sr">
          New endpoint
        </h2>
        <FormOf
          form={{ ...form, submit: "Add endpoint" }}
          csrf={frame.csrf}
          class="form page-form"
          cancelHref={up.href}
        />
      </section>
    </ProductFrame>
  )
}

export interface RemoveEndpointProps {
  frame: Frame
  product: ProductHead
  endpoint: EndpointLine
  form: FormView
}

export function RemoveEndpointPage({ frame, product, endpoint, form }: RemoveEndpointProps): JSX.Element {
  const route = `${endpoint.method} ${endpoint.path}`
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${route}?`}
      section="Developer"
      up={{ href: endpointPath(product, endpoint), label: route }}
      form={{ ...form, submit: `Remove ${route}` }}
      words={[
        "Calls to it are answered 404 from then on. What was called stays in the logs.",
        "Tell your subscribers first, in the changelog.",
      ]}
      cancelHref={endpointPath(product, endpoint)}
    />
  )
}
