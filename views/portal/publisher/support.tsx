// Where subscribers of an API find help.
import type { Frame } from "../../layout/frame.ts"
import { Button, Empty, Form, FormOf, type FormView, Markdown, RowLink, Table } from "../../ui/index.ts"
import { ProductFrame, type ProductHead, productPath } from "./product-frame.tsx"

export interface SupportPageProps {
  frame: Frame
  product: ProductHead
  contacts: readonly { id: string; kind: string; label: string; target: string; level: string }[]
  questions: readonly { id: string; question: string; answer: string }[]
  contactForm: FormView
  questionForm: FormView
}

export function SupportPage(props: SupportPageProps): JSX.Element {
  const { frame, product, contacts, questions, contactForm, questionForm } = props
  const path = `${productPath(product)}/support`
  return (
    <ProductFrame frame={frame} product={product} current="support">
      <section aria-labelledby="contacts-title">
        <h2 id="contacts-title">Contacts</h2>
        <Table
          caption="Contacts"
          hideCaption
          columns={[
            { label: "Words" },
            { label: "Kind" },
            { label: "Where" },
            { label: "For" },
            { label: "Act", silent: true },
          ]}
          rows={contacts.map((one) => [
            <bdi safe>{one.label}</bdi>,
            <span safe>{one.kind}</span>,
            <code safe>{one.target}</code>,
            <span safe>{one.level}</span>,
            <Form action={`${path}/contacts/removal`} csrf={frame.csrf} class="inline" hidden={{ contact: one.id }}>
              <Button small label="Remove" />
            </Form>,
          ])}
          empty={
            <Empty
              title="No contact yet"
              text="A mail address, a chat, a forum: for everybody, or for plans with more support."
            />
          }
        />
        <h3>Add a contact</h3>
        <FormOf form={contactForm} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
      <section aria-labelledby="questions-title">
        <h2 id="questions-title">Questions and answers</h2>
        <Table
          caption="Questions"
          hideCaption
          columns={[{ label: "Question" }, { label: "Answer" }]}
          rows={questions.map((one) => [
            <RowLink href={`${path}/${encodeURIComponent(one.id)}`} label={one.question} />,
            <Markdown id={`answer-${one.id}`} source={one.answer} by="people" />,
          ])}
          empty={<Empty title="No question yet" text="What people ask again and again." />}
        />
        <h3>Add a question</h3>
        <FormOf form={questionForm} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
    </ProductFrame>
  )
}

export interface QuestionPageProps {
  frame: Frame
  product: ProductHead
  question: { id: string; question: string }
  form: FormView
}

export function QuestionPage({ frame, product, question, form }: QuestionPageProps): JSX.Element {
  const support = `${productPath(product)}/support`
  return (
    <ProductFrame
      frame={frame}
      product={product}
      current="support"
      title={question.question}
      up={{ href: support, label: "Support" }}
    >
      <section aria-labelledby="edit-title">
        <h2 id="edit-title" class="sr">
          The question
        </h2>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" cancelHref={support} />
      </section>
      <Form action={`${support}/${encodeURIComponent(question.id)}/removal`} csrf={frame.csrf} class="actions">
        <Button label="Delete this question" />
      </Form>
    </ProductFrame>
  )
}
