// One endpoint of an API, with everything that is documented about it.
import type { Frame } from "../../layout/frame.ts"
import { Badge, Button, Empty, Form, FormOf, type FormView, Table, Usd } from "../../ui/index.ts"
import { type EndpointLine, endpointPath } from "./endpoints.tsx"
import { ProductFrame, type ProductHead, productPath } from "./product-frame.tsx"

export interface ParameterLine {
  place: string
  name: string
  type: string
  required: boolean
  description: string
  example: string | null
}

export interface AnswerLine {
  status: number
  meaning: string
  bodyType: string
  body: string
  position: number
}

export interface EndpointPageProps {
  frame: Frame
  product: ProductHead
  endpoint: EndpointLine
  details: FormView
  parameters: readonly ParameterLine[]
  answers: readonly AnswerLine[]
  parameterForm: FormView
  answerForm: FormView
}

export function EndpointPage(props: EndpointPageProps): JSX.Element {
  const { frame, product, endpoint, details } = props
  const up = { href: `${productPath(product)}/endpoints`, label: "Endpoints" }
  return (
    <ProductFrame
      frame={frame}
      product={product}
      current="endpoints"
      title={`${endpoint.method} ${endpoint.path}`}
      up={up}
    >
      <p class="badges">
        <span class="quiet" safe>
          {endpoint.plan === null ? "Every plan" : `From plan ${endpoint.plan}`}
        </span>
        {endpoint.validates ? <Badge text="Checked before it is sent on" /> : null}
        {endpoint.hasAddresses ? <Badge text="From some addresses" /> : null}
        {endpoint.deprecated ? <Badge tone="warn" text="Deprecated" /> : null}
        {endpoint.price === 0 ? null : (
          <span class="quiet">
            <Usd amount={endpoint.price} />
            {" a call"}
          </span>
        )}
      </p>
      <section aria-labelledby="details-title">
        <h2 id="details-title" class="sr">
          Details
        </h2>
        <FormOf form={details} csrf={frame.csrf} class="form page-form" />
      </section>
      <Parameters {...props} />
      <Answers {...props} />
      <p class="actions">
        <Button href={`${endpointPath(product, endpoint)}/removal`} label="Remove this endpoint" dialog />
      </p>
    </ProductFrame>
  )
}

function Parameters({ frame, product, endpoint, parameters, parameterForm }: EndpointPageProps): JSX.Element {
  const path = endpointPath(product, endpoint)
  return (
    <section aria-labelledby="parameters" id="parameters-part">
      <h2 id="parameters">Parameters</h2>
      <Table
        caption="Parameters"
        hideCaption
        columns={[
          { label: "Name" },
          { label: "Stands in" },
          { label: "Type" },
          { label: "Description" },
          { label: "Act", silent: true },
        ]}
        rows={parameters.map((one) => [
          <>
            <code safe>{one.name}</code> {one.required ? <Badge text="Required" /> : null}
          </>,
          <span safe>{one.place}</span>,
          <span safe>{one.type}</span>,
          <>
            <span safe>{one.description}</span>
            {one.example === null ? null : (
              <span class="quiet">
                {" Example: "}
                <code safe>{one.example}</code>
              </span>
            )}
          </>,
          <div class="actions">
            <Button
              small
              href={`${path}?${new URLSearchParams({ place: one.place, name: one.name })}#parameter-name`}
              label="Change"
            />
            {one.place === "path" ? null : (
              <Form
                action={`${path}/parameters/removal`}
                csrf={frame.csrf}
                class="inline"
                hidden={{ place: one.place, name: one.name }}
              >
                <Button small label="Remove" />
              </Form>
            )}
          </div>,
        ])}
        empty={<Empty title="No parameters" text="Names in the braces of the path appear here by themselves." />}
      />
      <h3 safe>{parameterForm.submit}</h3>
      <FormOf form={parameterForm} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}

function Answers({ frame, product, endpoint, answers, answerForm }: EndpointPageProps): JSX.Element {
  const path = endpointPath(product, endpoint)
  return (
    <section aria-labelledby="answers" id="answers-part">
      <h2 id="answers">Stored answers</h2>
      <p class="quiet page-form">
        Shown in the docs; the first one that succeeds is what people without a subscription try.
      </p>
      <Table
        caption="Stored answers"
        hideCaption
        columns={[{ label: "Status" }, { label: "Meaning" }, { label: "Media type" }, { label: "Act", silent: true }]}
        rows={answers.map((one) => [
          <span class="num">{one.status}</span>,
          <span safe>{one.meaning}</span>,
          <code safe>{one.bodyType || "no body"}</code>,
          <div class="actions">
            <Button small href={`${path}?answer=${one.position}#answer-status`} label="Change" />
            <Form
              action={`${path}/answers/removal`}
              csrf={frame.csrf}
              class="inline"
              hidden={{ position: String(one.position) }}
            >
              <Button small label="Remove" />
            </Form>
          </div>,
        ])}
        empty={
          <Empty
            title="No answer stored"
            text="Add one for success, and one for each error that callers have to know."
          />
        }
      />
      <h3 safe>{answerForm.submit}</h3>
      <FormOf form={answerForm} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}
