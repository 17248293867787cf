#!/usr/bin/env python3
"""Makes samples/directory-sync.evtx and samples/directory-sync.xml: run it again after a change.

An invented company synchronizes its Active Directory with IIJ ID. The .evtx file is a week of its
server, the XML file one day of a second server with Japanese messages. Among ordinary traffic stand
all eight documented errors of event 12808. Only that event and its JSON bodies are the vendor's;
every other event id, every sentence and every person here is made up, and a reader must not depend
on them. Python 3, standard library only; the same bytes at every run.
"""
import os
import sys
from datetime import datetime, timedelta, timezone
from xml.sax.saxutils import escape, quoteattr

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import evtx_writer as w  # noqa: E402

SAMPLES = os.path.join(HERE, "..", "samples")
PROVIDER, CHANNEL = "IIJ Directory Sync", "Application"
INFORMATION, WARNING = 4, 3
STARTED, FINISHED, PROCESSING, CREATED, UPDATED, DELETED, SKIPPED = (
    12780, 12781, 12784, 12785, 12786, 12787, 12788)
ERROR = 12808

ERRORS = {  # detail, scimType, status
    "domain": ("organization is not found.", None, 404),
    "issuer": ("Issuer is required when externalUserName or subject is specified.",
               "invalidValue", 400),
    "external-id": ("externalId has already been taken", "uniqueness", 409),
    "user-name": ("userName has already been taken", "uniqueness", 409),
    "email": ("Emails Value is not an iid email format.", "invalidValue", 400),
    "hard-deleted": ("The user has not been hard-deleted yet.", "uniqueness", 409),
    "token": ("Access token is not available", None, 401),
    "phone": ("Phone numbers Value is invalid format", "invalidValue", 400),
}

ENGLISH = {
    "overview": "[Overview]", "detail": "[Detail]", "error": "SCIM response error.",
    STARTED: "Synchronization started.", FINISHED: "Synchronization finished.",
    PROCESSING: "Started processing a user.", CREATED: "The user has been created.",
    UPDATED: "The user has been updated.", DELETED: "The user has been deleted.",
    SKIPPED: "The operation failed and will be retried in the next run.",
}
JAPANESE = {
    "overview": "[概要]", "detail": "[詳細]", "error": "SCIM レスポンスエラー",
    STARTED: "同期を開始しました。", FINISHED: "同期が完了しました。",
    PROCESSING: "ユーザーを処理します。", CREATED: "ユーザーを作成しました。",
    UPDATED: "ユーザーを更新しました。", DELETED: "ユーザーを削除しました。",
    SKIPPED: "エラーのためスキップしました。",
}


class Server:
    """Collects the events of one server: (time, id, level, provider, text)."""

    def __init__(self, computer, first_record, words):
        self.computer, self.next_record, self.words = computer, first_record, words
        self.events = []
        self.now, self.step, self.failed, self.done = None, 0, 0, 0

    def add(self, event_id, level, text, provider=PROVIDER):
        self.events.append((self.now, self.next_record, event_id, level, provider, text))
        self.next_record += 1
        self.step += 1
        # Steps of 0.1 to 0.9 seconds that look like work and are the same every time.
        self.now += timedelta(microseconds=100000 + self.step * 738421 % 800000)

    def say(self, event_id, detail, level=INFORMATION):
        self.add(event_id, level, "\r\n".join([
            self.words["overview"], self.words[event_id], "", self.words["detail"], detail]))

    def error(self, which):
        detail, scim_type, status = ERRORS[which]
        body = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"%s",' % detail
        if scim_type:
            body += '"scimType":"%s",' % scim_type
        body += '"status":"%d"}' % status
        self.add(ERROR, WARNING, "\r\n".join([
            self.words["overview"], self.words["error"], "", self.words["detail"], body]))
        self.failed += 1

    def run(self, when, *operations):
        """Operations: (what, user) or (what, user, error); what is create, update or delete."""
        self.now = datetime.fromisoformat(when).replace(tzinfo=timezone.utc)
        self.failed = self.done = 0
        self.say(STARTED, "mode=differential users=%d" % len(operations))
        for what, user, *error in operations:
            self.say(PROCESSING, "userName=%s operation=%s" % (user, what))
            if error:
                self.error(error[0])
                self.say(SKIPPED, "userName=%s operation=%s" % (user, what), WARNING)
                continue
            self.say({"create": CREATED, "update": UPDATED, "delete": DELETED}[what],
                     "userName=%s" % user)
            self.done += 1
        self.say(FINISHED, "succeeded=%d failed=%d" % (self.done, self.failed))

    def stopped_run(self, when):
        """The token is refused: the run ends before its first user."""
        self.now = datetime.fromisoformat(when).replace(tzinfo=timezone.utc)
        self.say(STARTED, "mode=differential users=3")
        self.error("token")
        self.say(FINISHED, "succeeded=0 failed=1", WARNING)

    def other(self, when, provider, event_id, text):
        self.now = datetime.fromisoformat(when).replace(tzinfo=timezone.utc)
        self.add(event_id, INFORMATION, text, provider)


def week():
    s = Server("SYNC01.corp.example.com", 20411, ENGLISH)
    s.run("2026-11-01T21:00:00",
          ("create", "haruka.mori@example.com"),
          ("create", "daniel.weber@example.com"),
          ("create", "kenji.ito@branch.example.net", "domain"),
          ("update", "misaki.endo@example.com"),
          ("create", "sho.sasaki@example.com", "phone"))
    s.other("2026-11-02T03:10:00", "Nightly Backup", 40, "Backup of volume C: finished. 0 errors.")
    s.run("2026-11-02T09:00:00",
          ("update", "haruka.mori@example.com"),
          ("create", "sho.sasaki@example.com", "phone"),
          ("create", "kenji.ito@branch.example.net", "domain"))
    s.run("2026-11-02T21:00:00",
          ("create", "sho.sasaki@example.com"),
          ("create", "saki.abe@example.com", "email"),
          ("create", "makoto.kato@example.com", "issuer"),
          ("update", "田中.美咲@example.com"))
    s.other("2026-11-03T03:10:00", "Nightly Backup", 40, "Backup of volume C: finished. 0 errors.")
    s.run("2026-11-03T09:00:00",
          ("update", "daniel.weber@example.com"),
          ("create", "saki.abe@example.com"),
          ("create", "makoto.kato@example.com", "issuer"))
    s.stopped_run("2026-11-03T21:00:00")
    s.stopped_run("2026-11-03T21:30:00")
    s.run("2026-11-04T00:30:00",
          ("update", "misaki.endo@example.com"),
          ("create", "makoto.kato@example.com"))
    s.run("2026-11-04T21:00:00",
          ("create", "yui.suzuki@example.com", "user-name"),
          ("create", "rin.hayashi@example.com", "external-id"),
          ("delete", "taro.ogawa@example.com"),
          ("update", "髙橋.直樹@example.com"))
    s.other("2026-11-05T03:10:00", "Nightly Backup", 40, "Backup of volume C: finished. 0 errors.")
    s.run("2026-11-05T09:00:00",
          ("create", "yui.suzuki@example.com", "user-name"),
          ("create", "taro.ogawa@example.com", "hard-deleted"),
          ("update", "haruka.mori@example.com"))
    s.run("2026-11-05T21:00:00",
          ("create", "rin.hayashi2@example.com"),
          ("create", "taro.ogawa@example.com", "hard-deleted"),
          ("create", "kenji.ito@branch.example.net", "domain"),
          ("update", "田中.美咲@example.com"))
    return s


def day():
    s = Server("SYNC02.corp.example.com", 9070, JAPANESE)
    s.run("2026-11-09T00:00:00",
          ("update", "aoi.nishimura@example.com"),
          ("create", "五十嵐.拓也@example.com", "phone"),
          ("create", "emma.fischer@example.com"))
    s.run("2026-11-09T04:00:00",
          ("create", "五十嵐.拓也@example.com"),
          ("create", "nao.ueda@example.com", "email"))
    s.stopped_run("2026-11-09T08:00:00")
    s.run("2026-11-09T08:40:00",
          ("create", "nao.ueda@example.com", "email"),
          ("delete", "aoi.nishimura@example.com"))
    return s


def evtx(server):
    log = w.Log()
    for when, record, event_id, level, provider, text in server.events:
        log.add(record, when, w.classic_event(provider, CHANNEL, server.computer, event_id, level,
                                              when, record, [text]))
    assert len(log.chunks) == 1, "the sample must stay within one chunk"
    return log.finish()


def xml(server):
    words = {INFORMATION: "情報", WARNING: "警告"}
    out = ['<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>']
    for when, record, event_id, level, provider, text in reversed(server.events):
        text = escape(text)
        out.append(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
            f"<Provider Name={quoteattr(provider)}/><EventID Qualifiers='0'>{event_id}</EventID>"
            f"<Version>0</Version><Level>{level}</Level><Task>0</Task><Opcode>0</Opcode>"
            "<Keywords>0x80000000000000</Keywords>"
            f"<TimeCreated SystemTime='{when.strftime('%Y-%m-%dT%H:%M:%S.%f')}0Z'/>"
            f"<EventRecordID>{record}</EventRecordID><Correlation/>"
            "<Execution ProcessID='4112' ThreadID='0'/>"
            f"<Channel>{CHANNEL}</Channel><Computer>{server.computer}</Computer><Security/>"
            f"</System><EventData><Data>{text}</Data></EventData><RenderingInfo Culture='ja-JP'>"
            f"<Message>{text}</Message><Level>{words[level]}</Level></RenderingInfo></Event>\r\n")
    out.append("</Events>\r\n")
    return "".join(out).encode()


def main():
    for name, data in (("directory-sync.evtx", evtx(week())), ("directory-sync.xml", xml(day()))):
        with open(os.path.join(SAMPLES, name), "wb") as f:
            f.write(data)
        print("%s: %d bytes" % (name, len(data)))


if __name__ == "__main__":
    main()
