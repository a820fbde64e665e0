"""python-telegram-bot as its users write it: Application, ConversationHandler in memory, own web server."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from bench.floor import options
from bench.questions import DONE, QUESTIONS

Context = ContextTypes.DEFAULT_TYPE


def keyboard(step: int) -> InlineKeyboardMarkup | None:
    """The choices of a question."""
    labels = QUESTIONS[step][1]
    return InlineKeyboardMarkup([[InlineKeyboardButton(x, callback_data=x)] for x in labels]) if labels else None


async def begin(update: Update, context: Context) -> int:
    """/lapor: the first question."""
    answers(context).clear()
    return await ask(update, 0)


async def ask(update: Update, step: int) -> int:
    """Puts the question of a step, or ends the conversation."""
    message = update.effective_message
    assert message is not None
    if step == len(QUESTIONS):
        await message.reply_text(DONE)
        return ConversationHandler.END
    await message.reply_text(QUESTIONS[step][0], reply_markup=keyboard(step))
    return step


def answers(context: Context) -> dict[Any, Any]:
    """What this person answered so far."""
    assert context.user_data is not None
    return context.user_data


async def chosen(update: Update, context: Context) -> int:
    """A button was pressed."""
    query = update.callback_query
    assert query is not None
    await query.answer()
    step = len(answers(context))
    answers(context)[step] = query.data
    return await ask(update, step + 1)


async def written(update: Update, context: Context) -> int:
    """A text was written."""
    assert update.message is not None
    step = len(answers(context))
    answers(context)[step] = update.message.text
    return await ask(update, step + 1)


def conversation() -> ConversationHandler[Context]:
    """The dialogue as a ConversationHandler, a state a question."""
    starts: list[Any] = [CommandHandler(["start", "lapor"], begin)]
    typed = MessageHandler(filters.TEXT & ~filters.COMMAND, written)
    pressed = CallbackQueryHandler(chosen)
    states: dict[object, list[Any]] = {
        step: [pressed] if choices else [typed] for step, (_, choices) in enumerate(QUESTIONS)
    }
    return ConversationHandler(starts, states, fallbacks=starts)


async def serve(given: argparse.Namespace) -> None:
    """Serves as PTB's customwebhookbot example does: updates go from the web server into the update queue."""
    builder = Application.builder().token(given.token).updater(None)
    application = builder.base_url(f"{given.api}/bot").base_file_url(f"{given.api}/file/bot").build()
    application.add_handler(conversation())

    async def telegram(request: web.Request) -> web.Response:
        update = Update.de_json(await request.json(), application.bot)
        await application.update_queue.put(update)
        return web.Response()

    async def ready(_: web.Request) -> web.Response:
        return web.Response()

    site = web.Application()
    site.add_routes([web.post("/hook/telegram", telegram), web.get("/ready", ready)])
    async with application:
        await application.start()
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", given.port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(options("ptb")))
