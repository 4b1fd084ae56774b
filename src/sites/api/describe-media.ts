// How the routes of media are described: pictures, sound, moderation, ranking.
import { Type as t } from "@sinclair/typebox"
import {
  ImageEditsForm,
  ImageEditsRequest,
  ImagesRequest,
  ModerationsRequest,
  RerankRequest,
  SpeechRequest,
  TranscriptionsRequest,
  TranslationsRequest,
} from "../../gateway/index.ts"
import { ImagesAnswer, ModerationsAnswer, RerankAnswer, STREAMS, TranscriptAnswer } from "./answers.ts"
import { generation, HOLD } from "./describe.ts"

export const images = generation({
  cached: true,
  operationId: "createImage",
  summary: "Create pictures",
  description: `OpenAI's pictures from words. ${HOLD} With \`stream: true\` pictures come as events of a \`text/event-stream\`; the last of each is \`image_generation.completed\`.`,
  request: ImagesRequest,
  example: { model: "gpt-image-1", prompt: "A ship's purser at his desk, in ink", size: "1024x1024" },
  answer: ImagesAnswer,
  stream: STREAMS.images,
})

export const imageEdits = generation({
  operationId: "createImageEdit",
  summary: "Change pictures",
  description: `OpenAI's edits: pictures are changed by words. ${HOLD} They come as files of a form, which pass through a file on the server's disk that ends with the call, or within JSON as data URLs. With \`stream: true\` pictures come as events of a \`text/event-stream\`; the last of each is \`image_edit.completed\`.`,
  request: ImageEditsForm,
  example: { image: "purser.png", model: "gpt-image-1", prompt: "Give him a hat" },
  isForm: true,
  asJson: {
    request: ImageEditsRequest,
    example: {
      images: [{ image_url: "data:image/png;base64,iVBORw0KGgo=" }],
      model: "gpt-image-1",
      prompt: "Give him a hat",
    },
  },
  answer: ImagesAnswer,
  stream: STREAMS.images.replaceAll("image_generation", "image_edit"),
})

export const moderations = generation({
  cached: true,
  operationId: "createModeration",
  summary: "Moderate texts and pictures",
  description: `OpenAI's moderation: whether texts and pictures may be shown. ${HOLD}`,
  request: ModerationsRequest,
  example: { model: "omni-moderation-latest", input: "A ship's purser keeps its accounts." },
  answer: ModerationsAnswer,
})

export const rerank = generation({
  cached: true,
  operationId: "rankTexts",
  summary: "Rank texts by a question",
  description: `Which texts answer a question best, as Cohere has it. ${HOLD}`,
  request: RerankRequest,
  example: { model: "rerank-v3.5", query: "Who keeps a ship's accounts?", documents: ["The purser.", "The cook."] },
  answer: RerankAnswer,
})

const FILE = "The recording passes through a file on the server's disk that ends with the call."

export const speech = generation({
  operationId: "createSpeech",
  summary: "Speak a text",
  description: `OpenAI's speech: a text as sound, which arrives as it is made. ${HOLD} With \`stream_format: "sse"\` it comes as events, the last of which tells the tokens.`,
  request: SpeechRequest,
  example: { model: "tts-1", input: "Welcome aboard.", voice: "alloy" },
  answer: t.String({ format: "binary", description: "The sound, in the format that was asked for" }),
  type: "audio/mpeg",
  stream: STREAMS.speech,
})

export const transcriptions = generation({
  operationId: "createTranscription",
  summary: "Write a recording down",
  description: `OpenAI's transcriptions. ${HOLD} ${FILE} With \`stream: true\` the text comes as events.`,
  request: TranscriptionsRequest,
  example: { file: "note.wav", model: "whisper-1" },
  isForm: true,
  answer: TranscriptAnswer,
  stream: STREAMS.transcriptions,
})

export const translations = generation({
  operationId: "createTranslation",
  summary: "Write a recording down in English",
  description: `OpenAI's translations. ${HOLD} ${FILE}`,
  request: TranslationsRequest,
  example: { file: "note.wav", model: "whisper-1" },
  isForm: true,
  answer: TranscriptAnswer,
})
