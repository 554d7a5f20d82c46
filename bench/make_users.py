#!/usr/bin/python3
"""Makes users with profiles, logs them in, and writes what the scripts for wrk beside it need of them to a file.

A user costs two password hashes, some 20 ms of a core each: 1000 of them take half a minute on two cores. Who exists
already from an earlier call is logged in anew."""
import argparse
import pathlib

import load


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], epilog=__doc__.partition("\n\n")[2])
    parser.add_argument("url", help="where userinfo is, such as http://127.0.0.1:8080")
    parser.add_argument("file", type=pathlib.Path, help="one line for each user; only you can read it")
    parser.add_argument("--users", type=int, default=1000, help="how many; %(default)s")
    arguments = parser.parse_args()
    if arguments.users < 1:
        parser.error("--users takes 1 at least")
    return arguments


def main():
    arguments = parse_arguments()
    load.write_users(arguments.file, load.make_users(arguments.url, arguments.users))


if __name__ == "__main__":
    main()
