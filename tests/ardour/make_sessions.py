#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the sessions that Ardour judges us by: make_sessions.py OUT_DIR [--export]. Each is a folder OUT_DIR/NAME with
NAME.ardour in it, written by Ardour itself; with --export mix.wav lies beside, as ardour7-export renders it."""

import array
import pathlib
import random
import sys
import wave
import xml.etree.ElementTree as ET

from ardour import Ardour, shares, side_by_side

SUPERCLOCK = 282240000
SECONDS = 6.0
EQUAL_POWER = "http://ardour.org/plugin/panner_2in2out"

# What each session is about; the README of a folder of sessions says it.
SESSIONS = {
    "faders": "mono and stereo tracks, faders, pans of mono tracks, master fader and master volume",
    "trims": "trims, a mono track inverted, one channel of a stereo track inverted, master trim",
    "buses": "buses nested two deep with faders, trim and polarity of their own",
    "sends": "sends before and after the fader, one automated, one from a bus to a bus, effect buses",
    "vcas": "VCAs nested, assigned before and after they were moved, one track under two",
    "clips": "clip gains, one negative, source gain, offsets, gaps, overlaps opaque and not, a muted clip, channels apart",
    "envelopes": "fades of all five shapes, also of opaque clips over each other, clip envelopes",
    "automation": "automation of faders, trim, bus and master; a list that is off",
    "mutes": "a track, a bus and a send's track muted, mute of the main output only, mute automation",
    "pans": "stereo balance, equal power with width, inverted width, pans of buses, pan automation",
    "solos": "44.1 kHz; a solo that runs through a bus and a send, solo isolation",
    "large": "24 tracks, one to two buses at once, five buses, sends, a VCA, trims, pans, faders",
}


def noise_wav(path, rate, channels, seed, seconds=SECONDS):
    """Noise of 16 bits, duller or brighter by `seed`, whose level steps twice a second."""
    chance = random.Random(seed)
    count = int(seconds * rate)
    pole = chance.choice((0.0, 0.5, 0.9, 0.97))
    steps = [chance.uniform(0.3, 1.0) for _ in range(int(2 * seconds) + 1)]
    planes = []
    for _ in range(channels):
        white = array.array("h", chance.randbytes(2 * count))
        state, plane = 0.0, array.array("h", bytes(2 * count))
        scale = 0.3 * (1.0 - pole * pole) ** 0.5
        step_frames = rate // 2
        for n, sample in enumerate(white):
            state = sample + pole * state
            plane[n] = int(max(-32000, min(32000, state * scale * steps[n // step_frames])))
        planes.append(plane)
    interleaved = array.array("h", bytes(2 * count * channels))
    for channel, plane in enumerate(planes):
        interleaved[channel::channels] = plane
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(interleaved.tobytes())


class Media:
    """Puts audio files and clips into a session that has none; Ardour's Lua can't import."""

    def __init__(self, session):
        self.path = session
        self.tree = ET.parse(session)
        self.root = self.tree.getroot()
        self.rate = int(self.root.get("sample-rate"))
        self.next_id = int(self.root.get("id-counter"))
        self.folder = session.parent / "interchange" / session.stem / "audiofiles"
        self.folder.mkdir(parents=True, exist_ok=True)

    def new_id(self):
        self.next_id += 1
        return str(self.next_id)

    def clock(self, seconds):
        return round(seconds * self.rate) * (SUPERCLOCK // self.rate)

    def file(self, name, channels, seed, gain=1.0, seconds=SECONDS):
        """The ids of the sources of a new file, one a channel."""
        noise_wav(self.folder / name, self.rate, channels, seed, seconds)
        ids = []
        for channel in range(channels):
            ids.append(self.new_id())
            ET.SubElement(self.root.find("Sources"), "Source", {
                "name": name, "take-id": "", "type": "audio", "flags": "", "id": ids[-1], "channel": str(channel),
                "origin": "", "gain": repr(gain)})
        self.region(self.root.find("Regions"), name, ids, 0.0, seconds, **{"whole-file": "1", "external": "1"})
        return ids

    def region(self, parent, name, sources, at, length, start=0.0, **more):
        values = {
            "name": name, "muted": "0", "opaque": "1", "locked": "0", "video-locked": "0", "automatic": "0",
            "whole-file": "0", "import": "0", "external": "0", "sync-marked": "0", "left-of-split": "0",
            "right-of-split": "0", "hidden": "0", "position-locked": "0", "valid-transients": "0",
            "start": f"a{self.clock(start)}", "length": f"a{self.clock(length)}@a{self.clock(at)}",
            "sync-position": f"a{self.clock(start)}", "ancestral-start": "a0", "ancestral-length": "a0@a0",
            "stretch": "1", "shift": "1", "layering-index": "0", "tags": "", "contents": "0", "default-fade-in": "0",
            "default-fade-out": "0", "fade-in-active": "0", "fade-out-active": "0", "scale-amplitude": "1",
            "envelope-active": "0", "id": self.new_id(), "type": "audio", "first-edit": "nothing",
            "channels": str(len(sources))}
        for number, source in enumerate(sources):
            values[f"source-{number}"] = values[f"master-source-{number}"] = source
        return ET.SubElement(parent, "Region", values | more)

    def playlist(self, track):
        return self.root.find(f"Playlists/Playlist[@name='{track}']")

    def clip(self, track, name, sources, at=0.0, length=SECONDS, start=0.0, **more):
        named = {key.replace("_", "-"): value for key, value in more.items()}
        self.region(self.playlist(track), name, sources, at, length, start, **named)

    def route(self, name):
        return self.root.find(f"Routes/Route[@name='{name}']")

    def tracks(self):
        """Name and width of each track, in the session's order."""
        found = []
        for route in self.root.findall("Routes/Route"):
            if "AudioTrack" in route.find("PresentationInfo").get("flags"):
                found.append((route.get("name"), len(route.findall("IO[@direction='Input']/Port"))))
        return found

    def save(self, seconds=SECONDS):
        ET.SubElement(self.root.find("Locations"), "Location", {
            "id": self.new_id(), "name": "session", "start": "a0", "end": f"a{self.clock(seconds)}",
            "flags": "IsSessionRange", "locked": "0", "timestamp": "0", "cue": "0"})
        self.root.set("id-counter", str(self.next_id + 1))
        self.tree.write(self.path, xml_declaration=True, encoding="UTF-8")


def one_clip_each(media):
    for number, (track, width) in enumerate(media.tracks()):
        media.clip(track, track, media.file(f"{track}.wav", width, media.path.stem + str(number)))


def clips(media):
    kick = media.file("kick.wav", 1, "clips kick")
    media.clip("kick", "kick-a", kick, 0.0, 1.5, scale_amplitude="0.5", layering_index="0")
    media.clip("kick", "kick-b", kick, 2.0, 2.0, start=1.25, scale_amplitude="1.7", layering_index="1")
    media.clip("kick", "kick-c", kick, 3.5, 2.0, start=0.5, scale_amplitude="-0.8", layering_index="2")
    keys = media.file("keys.wav", 2, "clips keys", gain=0.6)
    media.clip("keys", "keys-a", keys, 0.0, 4.0, layering_index="0", opaque="0")
    media.clip("keys", "keys-b", keys, 2.5, 3.0, start=2.0, layering_index="1", opaque="0", scale_amplitude="0.7")
    gtr = media.file("gtr.wav", 2, "clips gtr")
    media.clip("gtr", "gtr-right", gtr[1:], 0.5, 3.0, layering_index="0")
    media.clip("gtr", "gtr-muted", gtr[:1], 4.0, 1.0, layering_index="1", muted="1")
    media.clip("gtr", "gtr-left", gtr[:1], 4.5, 1.5, start=1.0, layering_index="2")
    vox = media.file("vox.wav", 1, "clips vox")
    media.clip("vox", "vox-below", vox, 0.0, 6.0, layering_index="0")
    media.clip("vox", "vox-above", vox, 2.0, 1.0, start=4.0, layering_index="1", scale_amplitude="0.3")


def envelopes(media):
    keys = media.file("keys.wav", 2, "envelopes keys")
    media.clip("keys", "keys-a", keys, 0.0, 2.75, layering_index="0")
    media.clip("keys", "keys-b", keys, 3.0, 2.75, start=3.0, layering_index="1")
    media.clip("gtr", "gtr", media.file("gtr.wav", 1, "envelopes gtr"), scale_amplitude="0.9")
    media.clip("vox", "vox", media.file("vox.wav", 1, "envelopes vox"))
    pad = media.file("pad.wav", 1, "envelopes pad")
    media.clip("pad", "pad-low", pad, 0.0, 5.5, layering_index="0")
    media.clip("pad", "pad-mid", pad, 1.0, 3.0, start=2.0, layering_index="1")
    media.clip("pad", "pad-top", pad, 3.0, 2.0, start=0.5, layering_index="2", scale_amplitude="0.6")


def pans(media):
    one_clip_each(media)
    for name, width in (("keys", "0.4"), ("organ", "-0.5"), ("GROUP", "0.7")):
        route = media.route(name)
        route.find("Processor[@type='main-outs']/PannerShell").set("user-panner", EQUAL_POWER)
        for controllable in route.iter("Controllable"):
            if controllable.get("name") == "pan-width":
                controllable.set("value", width)


def faders(media):
    one_clip_each(media)
    media.route("Master").find("Controllable[@name='mastervolume']").set("value", "0.8")


FILLERS = {"faders": faders, "clips": clips, "envelopes": envelopes, "pans": pans}


def make_sessions(folder, ardour):
    """Paths of the .ardour files, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    side_by_side(lambda share: ardour.lua("make_mixers.lua", folder, *share), shares(SESSIONS))
    paths = {name: folder / name / f"{name}.ardour" for name in SESSIONS}
    for name, path in paths.items():
        media = Media(path)
        FILLERS.get(name, one_clip_each)(media)
        media.save()
    side_by_side(lambda share: ardour.lua("edit_clips.lua", folder, *share), shares(paths))
    return paths


def main(words):
    if len(words) not in (1, 2) or words[1:] not in ([], ["--export"]):
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(words[0]).resolve()
    with Ardour() as ardour:
        for name, path in make_sessions(folder, ardour).items():
            print(f"{path}: {SESSIONS[name]}")
            if len(words) == 2:
                ardour.export(path, path.parent / "mix.wav")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
