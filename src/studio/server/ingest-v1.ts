// Programs written for Python AgentScope stream in here: the procedures of AgentScope Studio that v1 and v0.1.6 call.
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import type { Fields } from '../../core/kind.ts'
import { jsonOf, mediaType, readBody } from './ingest-body.ts'
import { trpcError, trpcFailure } from './ingest-v1-errors.ts'
import { bodyOf, InputRefused, idIn, readAsked, readPushed, readRun } from './ingest-v1-input.ts'
import { readInvocation } from './ingest-v1-invocation.ts'
import { programsOf, type V1Programs } from './ingest-v1-programs.ts'
import type { V1Run, V1Studio } from './ingest-v1-run.ts'

type Procedure = (programs: V1Programs, body: Fields) => Promise<unknown>

/** The pages of AgentScope Studio that read have their own routes here; Friday is a program of that Studio alone. */
const procedures: Readonly<Record<string, Procedure>> = { registerRun, registerReply, pushMessage, requestUserInput }

/** v0.1.6 told of its models here; later programs send spans. */
const everyProcedure: typeof procedures = { ...procedures, pushModelInvocation }

/**
 * `POST /trpc/<procedure>` with a plain JSON body, answered `{"result":{}}`, or with tRPC's error: 400 for a run that
 * nobody registered, for what is no such body and for a question of a run that was deleted, 404 for a procedure that this Studio has not. A push is answered when
 * it is in order, before the journal has it on disk: no program waits for a disk.
 */
export function v1Routes(studio: V1Studio): Hono {
  const programs = programsOf(studio)
  const app = new Hono()
  app.post('/trpc/:procedure', (context) => called(programs, context))
  app.all('/trpc/*', (context) => unanswered(context))
  // A program that comes back to a Studio that was started anew knocks here first: it finds the door open the next time.
  app.all('/socket.io/*', async (context) => {
    const isOpen = await programs.openDoor().catch(() => false)
    return context.text(isOpen ? 'Try again.' : 'No answers are sent to programs from here.', isOpen ? 503 : 404)
  })
  return app
}

async function called(programs: V1Programs, context: Context): Promise<Response> {
  const name = context.req.param('procedure') ?? ''
  const procedure = Object.hasOwn(everyProcedure, name) ? everyProcedure[name] : undefined
  if (procedure === undefined) return unanswered(context)
  const request = context.req.raw
  if (mediaType(request) !== 'application/json') return trpcError(context, 415, 'Send content-type: application/json.')
  try {
    await procedure(programs, bodyOf(jsonOf(await readBody(request))))
    return context.json({ result: {} })
  } catch (error) {
    return trpcFailure(context, error)
  }
}

function unanswered(context: Context): Response {
  const name = context.req.path.slice(context.req.path.lastIndexOf('/') + 1)
  if (Object.hasOwn(everyProcedure, name)) return trpcError(context, 405, `${name} is called with POST.`)
  const names = Object.keys(procedures).join(', ')
  return trpcError(context, 404, `This Studio has no procedure of that name. Programs may call ${names}.`)
}

async function registerRun(programs: V1Programs, body: Fields): Promise<void> {
  const facts = readRun(body, Date.now())
  await programs.register(facts)
  const run = await programs.find(facts.id)
  await programs.openDoor().catch((error: unknown) => {
    run?.complain(`Answers cannot be sent to this program: ${messageOf(error)}`, adviceOf(error))
  })
  await run?.log.written()
}

/** What a reply is called is told by each message of it again. */
async function registerReply(programs: V1Programs, body: Fields): Promise<void> {
  idIn(body, 'replyId')
  await runOf(programs, body)
}

async function pushMessage(programs: V1Programs, body: Fields): Promise<void> {
  const run = await runOf(programs, body)
  run.push(readPushed(body))
  await run.log.room()
}

async function requestUserInput(programs: V1Programs, body: Fields): Promise<void> {
  const run = await runOf(programs, body)
  // The program would wait for ever.
  if (programs.isDeleted(run.id)) throw new InputRefused('This run was deleted in Studio: nobody can answer there.')
  run.ask(readAsked(body))
  await run.log.written()
  await run.log.room()
}

async function pushModelInvocation(programs: V1Programs, body: Fields): Promise<void> {
  const run = await runOf(programs, body)
  run.invoked(readInvocation(body, Date.now()))
  await run.log.room()
}

async function runOf(programs: V1Programs, body: Fields): Promise<V1Run> {
  const run = await programs.find(idIn(body, 'runId'))
  if (run === undefined) throw new InputRefused('No run of that runId is registered. Call registerRun first.')
  return run
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function adviceOf(error: unknown): string {
  const { advice } = error as { advice?: unknown }
  return typeof advice === 'string' ? advice : 'Start Studio anew, and the program after it.'
}
