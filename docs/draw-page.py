"""Draws a 3 on the page of `xlcnn draw` in a real Chromium, and takes its picture: docs/draw-page.py FILE.png [WIDTH HEIGHT]."""

import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

POINTS = [(0.28, 0.22), (0.4, 0.15), (0.55, 0.15), (0.65, 0.25), (0.62, 0.38), (0.48, 0.47), (0.62, 0.55), (0.68, 0.66), (0.6, 0.8)]
POINTS += [(0.47, 0.84), (0.32, 0.8), (0.26, 0.72)]

target, width, height = sys.argv[1], *map(int, sys.argv[2:4] or (1280, 1160))
server = subprocess.Popen(["xlcnn", "draw", "--no-browser"], stdout=subprocess.PIPE, text=True)
address = server.stdout.readline().split()[-1]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    box = page.locator("#canvas").bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in POINTS]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=3)
    page.mouse.up()
    page.wait_for_timeout(800)
    page.screenshot(path=target)
    browser.close()
server.terminate()
