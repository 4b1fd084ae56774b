// What is written about a product beside its endpoints: guides, changes with mails to those who want them, contacts by support, questions.
import { DAY_MS, ensure, refuseFields, tidyName, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, changeableIn } from "./core.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { changeProblems, contactProblems, textProblems, title } from "./rules.ts"
import {
  changeOf,
  countChanges,
  countContacts,
  countGuides,
  countQuestions,
  deleteChange,
  deleteContact,
  deleteGuide,
  deleteQuestion,
  guideOf,
  guidesOf,
  insertChange,
  insertContact,
  insertGuide,
  insertQuestion,
  isSubscriber,
  mailedSince,
  questionOf,
  questionsOf,
  saveChange,
  saveGuide,
  saveQuestion,
  setFollower,
} from "./store-words.ts"
import type { Change, ChangeDraft, ContactDraft, Guide, Mine, Product, Question } from "./types.ts"

/** Their mails about changes go out by the outbox, slice by slice. */
export const CHANGE_TOPIC = "market.change"

type Noted = "guide_saved" | "guide_removed" | "change_added" | "change_edited" | "change_removed" | "support_changed"

const noteIn = (tx: Tx, action: `product.${Noted}`, product: Product, what: string): void =>
  auditIn(tx, { action, subject: product.publicId, after: { title: product.title, what } })

export function saveGuideIn(
  core: Core,
  tx: Tx,
  input: Mine & { guidePublicId?: string; title: string; body: string },
): Guide {
  const product = changeableIn(core, tx, input)
  const fields = { title: title(input.title), body: input.body.trim() }
  refuseFields(textProblems(fields, L.titleChars, L.guideChars))
  const before = input.guidePublicId === undefined ? null : guideOf(tx, product.id, input.guidePublicId)
  if (input.guidePublicId !== undefined) ensure(before, "not_found", "There is no such guide.")
  else ensure(countGuides(tx, product.id) < L.guidesMax, "conflict", `A product has ${L.guidesMax} guides at most.`)
  noteIn(tx, "product.guide_saved", product, fields.title)
  if (before) {
    const after = { ...before, ...fields, updatedMs: tx.now }
    saveGuide(tx, after)
    return after
  }
  const position = Math.max(-1, ...guidesOf(tx, product.id).map((one) => one.position)) + 1
  const made = { createdMs: tx.now, updatedMs: tx.now }
  const row = { publicId: core.ids.next("gde"), productId: product.id, position, ...fields, ...made }
  return { id: insertGuide(tx, row), ...row }
}

export function removeGuideIn(core: Core, tx: Tx, { guidePublicId, ...mine }: Mine & { guidePublicId: string }): void {
  const product = changeableIn(core, tx, mine)
  const guide = guideOf(tx, product.id, guidePublicId)
  ensure(guide, "not_found", "There is no such guide.")
  deleteGuide(tx, guide.id)
  noteIn(tx, "product.guide_removed", product, guide.title)
}

/** @param input.mail to subscribers who want mails; of each change once, of a product three a day at most */
export function addChangeIn(core: Core, tx: Tx, { mail, ...input }: Mine & ChangeDraft & { mail: boolean }): Change {
  const product = changeableIn(core, tx, input)
  const fields = changeFields(input)
  refuseFields(changeProblems(fields))
  ensure(
    countChanges(tx, product.id) < L.changesMax,
    "conflict",
    `There are ${L.changesMax} entries. Delete old ones first.`,
  )
  const mails = mail && product.state === "published"
  if (mails)
    ensure(
      mailedSince(tx, product.id, tx.now - DAY_MS) < L.mailedPerDayMax,
      "conflict",
      `You sent ${L.mailedPerDayMax} mails about this product within a day. Publish this one without, or tomorrow.`,
    )
  const row = {
    publicId: core.ids.next("chg"),
    productId: product.id,
    ...fields,
    mailedMs: mails ? tx.now : null,
    mailedTo: 0,
    publishedMs: tx.now,
    updatedMs: tx.now,
  }
  const change = { id: insertChange(tx, row), ...row }
  if (mails)
    core.outbox.enqueueIn(tx, {
      topic: CHANGE_TOPIC,
      subject: product.publicId,
      payload: { productId: product.id, changeId: change.id },
    })
  noteIn(tx, "product.change_added", product, fields.title)
  return change
}

const changeFields = ({ version, title: words, body, breaking }: ChangeDraft): ChangeDraft => ({
  version: version.trim(),
  title: title(words),
  body: body.trim(),
  breaking,
})

/** Words of an entry; mails that went out stay as they were. */
export function editChangeIn(core: Core, tx: Tx, input: Mine & ChangeDraft & { changePublicId: string }): Change {
  const product = changeableIn(core, tx, input)
  const before = changeOf(tx, product.id, input.changePublicId)
  ensure(before, "not_found", "There is no such entry.")
  const fields = changeFields(input)
  refuseFields(changeProblems(fields))
  const after = { ...before, ...fields, updatedMs: tx.now }
  saveChange(tx, after)
  noteIn(tx, "product.change_edited", product, after.title)
  return after
}

export function removeChangeIn(
  core: Core,
  tx: Tx,
  { changePublicId, ...mine }: Mine & { changePublicId: string },
): void {
  const product = changeableIn(core, tx, mine)
  const change = changeOf(tx, product.id, changePublicId)
  ensure(change, "not_found", "There is no such entry.")
  deleteChange(tx, change.id)
  noteIn(tx, "product.change_removed", product, change.title)
}

export function addContactIn(core: Core, tx: Tx, input: Mine & ContactDraft): void {
  const product = changeableIn(core, tx, input)
  const fields = {
    level: input.level,
    kind: input.kind,
    label: tidyName(input.label),
    target: input.target.trim(),
  }
  refuseFields(contactProblems(fields))
  ensure(
    countContacts(tx, product.id) < L.contactsMax,
    "conflict",
    `There are ${L.contactsMax} contacts, the most there may be.`,
  )
  insertContact(tx, { publicId: core.ids.next("ctc"), productId: product.id, ...fields, createdMs: tx.now })
  noteIn(tx, "product.support_changed", product, fields.label)
}

export function removeContactIn(
  core: Core,
  tx: Tx,
  { contactPublicId, ...mine }: Mine & { contactPublicId: string },
): void {
  const product = changeableIn(core, tx, mine)
  ensure(deleteContact(tx, product.id, contactPublicId), "not_found", "There is no such contact.")
  noteIn(tx, "product.support_changed", product, "a contact was removed")
}

export function saveQuestionIn(
  core: Core,
  tx: Tx,
  input: Mine & { questionPublicId?: string; question: string; answer: string },
): Question {
  const product = changeableIn(core, tx, input)
  const fields = { question: title(input.question), answer: input.answer.trim() }
  const problems = textProblems({ title: fields.question, body: fields.answer }, L.questionChars, L.answerChars)
  refuseFields({ question: problems.title, answer: fields.answer === "" ? "Enter an answer." : problems.body })
  const before = input.questionPublicId === undefined ? null : questionOf(tx, product.id, input.questionPublicId)
  if (input.questionPublicId !== undefined) ensure(before, "not_found", "There is no such question.")
  else
    ensure(
      countQuestions(tx, product.id) < L.questionsMax,
      "conflict",
      `There are ${L.questionsMax} questions, the most there may be.`,
    )
  noteIn(tx, "product.support_changed", product, fields.question)
  if (before) {
    const after = { ...before, ...fields, updatedMs: tx.now }
    saveQuestion(tx, after)
    return after
  }
  const position = Math.max(-1, ...questionsOf(tx, product.id).map((one) => one.position)) + 1
  const made = { createdMs: tx.now, updatedMs: tx.now }
  const row = { publicId: core.ids.next("faq"), productId: product.id, position, ...fields, ...made }
  return { id: insertQuestion(tx, row), ...row }
}

export function removeQuestionIn(
  core: Core,
  tx: Tx,
  { questionPublicId, ...mine }: Mine & { questionPublicId: string },
): void {
  const product = changeableIn(core, tx, mine)
  ensure(deleteQuestion(tx, product.id, questionPublicId), "not_found", "There is no such question.")
  noteIn(tx, "product.support_changed", product, "a question was removed")
}

/** Mails about changes, for whoever subscribes. @throws AppError forbidden for anybody else */
export function setFollowIn(
  tx: Tx,
  { userId, productId, on }: { userId: UserId; productId: number; on: boolean },
): void {
  ensure(!on || isSubscriber(tx, productId, userId), "forbidden", "Subscribe to this API first.")
  setFollower(tx, productId, userId, on)
}
