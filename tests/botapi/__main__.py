"""`python -m tests.botapi --port N --token T [--token T2] [--no-limits]`: the server as a process of its own."""

from __future__ import annotations

import argparse

from tests.botapi.server import TOKEN, BotApi


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--token", action="append", help="a bot's token; may be given more than once")
    parser.add_argument("--no-limits", action="store_true", help="do not count messages")
    args = parser.parse_args()
    api = BotApi(args.token or [TOKEN], port=args.port, limits=not args.no_limits)
    print(api.url, flush=True)
    api.serve()


if __name__ == "__main__":
    main()
