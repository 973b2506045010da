"""What the till says before it belongs to a store, and when a person has to decide something."""

from enum import StrEnum, auto

from pos_app.ui.texts import Language


class SetupText(StrEnum):
    """A text; values in braces are named in the tables and checked to be the same in each."""

    window_title = auto()
    starting = auto()
    pair_headline = auto()
    pair_explained = auto()
    server_address = auto()
    pairing_code = auto()
    pair_button = auto()
    pairing_under_way = auto()
    compare_headline = auto()
    compare_explained = auto()
    give_up_button = auto()
    refused = auto()
    first_sync_headline = auto()
    first_sync_counted = auto()
    ended_headline = auto()
    forked_explained = auto()
    revoked_explained = auto()
    pending_left = auto()
    pair_again_button = auto()
    rescued = auto()
    rescued_nothing = auto()
    code_incomplete = auto()
    doubt_headline = auto()
    doubt_explained = auto()
    doubt_yes = auto()
    doubt_no = auto()
    offline_headline = auto()
    offline_works = auto()
    offline_rests = auto()
    offline_never = auto()
    offline_understood = auto()
    offline_troubleshoot = auto()
    offline_checks = auto()
    already_running = auto()
    trouble = auto()


CHINESE: dict[SetupText, str] = {
    SetupText.window_title: "核销台",
    SetupText.starting: "正在启动…",
    SetupText.pair_headline: "配对本机",
    SetupText.pair_explained: "请向总部索取一次性配对码（15 分钟内有效），输入后两边核对六位数字。",
    SetupText.server_address: "服务器地址",
    SetupText.pairing_code: "配对码（8 位）",
    SetupText.pair_button: "开始配对",
    SetupText.pairing_under_way: "正在联系服务器…",
    SetupText.compare_headline: "请与总部核对这六位数字",
    SetupText.compare_explained: "{store}：数字一致时由总部点“确认”，本机会自动继续。",
    SetupText.give_up_button: "取消配对",
    SetupText.refused: "总部拒绝了配对或已超时。请索取新的配对码。",
    SetupText.first_sync_headline: "首次同步",
    SetupText.first_sync_counted: "已接收 {count} 条，完成后自动进入核销页面。",
    SetupText.ended_headline: "本机已不能核销",
    SetupText.forked_explained: "本机数据曾被恢复到旧状态。记录都保留着，请重新配对。",
    SetupText.revoked_explained: "总部已停用本机。请联系总部；重新启用需要重新配对。",
    SetupText.pending_left: "还有 {count} 笔记录未上传，请保持联网；上传完才能重新配对。",
    SetupText.pair_again_button: "重新配对",
    SetupText.rescued: (
        "本机数据库损坏，已保留在 {kept}，救出 {count} 条记录。请重新配对并告知总部。"
    ),
    SetupText.rescued_nothing: (
        "本机数据库损坏，已保留在 {kept}，未能读出记录。请重新配对并告知总部。"
    ),
    SetupText.code_incomplete: "配对码为 8 位数字和字母，请核对。",
    SetupText.doubt_headline: "券 ··{last_four} 结果未知，货品已交给顾客吗？",
    SetupText.doubt_explained: "服务器还没有回答。选“已交付”会继续核对；选“未交付”则取消这次核销。",
    SetupText.doubt_yes: "已交付，继续核对",
    SetupText.doubt_no: "未交付，取消",
    SetupText.offline_headline: "已转入离线模式",
    SetupText.offline_works: "可以：照常核销本机保管的券，以及顾客手机上选了本店的二维码。",
    SetupText.offline_rests: "不可以：核销其他门店的券、未选本店的券。请顾客稍候或改日再来。",
    SetupText.offline_never: "请不要：关机、重装、退出登录。记录都在本机，恢复后自动上传。",
    SetupText.offline_understood: "知道了",
    SetupText.offline_troubleshoot: "排查",
    SetupText.offline_checks: "1. 看网线或 Wi-Fi 是否连着，其他设备能否上网。\n"
    "2. 重启路由器，等两分钟。\n3. 按 F5 立即重试。\n4. 仍不行请联系总部，报上本店和本机名称。",
    SetupText.already_running: "核销台已在运行，已切换到它的窗口。",
    SetupText.trouble: "无法继续（{code}）。",
}

ENGLISH: dict[SetupText, str] = {
    SetupText.window_title: "Redemption counter",
    SetupText.starting: "Starting…",
    SetupText.pair_headline: "Pair this till",
    SetupText.pair_explained: (
        "Ask headquarters for a one-time pairing code (good for 15 minutes). After you enter it, "
        "both sides compare six digits."
    ),
    SetupText.server_address: "Server address",
    SetupText.pairing_code: "Pairing code (8 characters)",
    SetupText.pair_button: "Begin pairing",
    SetupText.pairing_under_way: "Reaching the server…",
    SetupText.compare_headline: "Compare these six digits with headquarters",
    SetupText.compare_explained: (
        "{store}: when they agree, headquarters confirms and this till goes on by itself."
    ),
    SetupText.give_up_button: "Give up pairing",
    SetupText.refused: "Headquarters refused, or time was up. Ask for a new code.",
    SetupText.first_sync_headline: "First sync",
    SetupText.first_sync_counted: "{count} entries received; the counter opens by itself.",
    SetupText.ended_headline: "This till may not redeem any more",
    SetupText.forked_explained: (
        "This till's data went back to an old state. All records are kept; pair it again."
    ),
    SetupText.revoked_explained: (
        "Headquarters switched this till off. Ask them; to work again it has to be paired again."
    ),
    SetupText.pending_left: (
        "{count} records are not uploaded yet. Keep the network connected; "
        "the till can be paired again after that."
    ),
    SetupText.pair_again_button: "Pair again",
    SetupText.rescued: (
        "The database was damaged. It is kept as {kept}; {count} records were saved. "
        "Pair again and tell headquarters."
    ),
    SetupText.rescued_nothing: (
        "The database was damaged. It is kept as {kept}; no record could be read. "
        "Pair again and tell headquarters."
    ),
    SetupText.code_incomplete: "A pairing code has 8 digits and letters. Check it.",
    SetupText.doubt_headline: "Voucher ··{last_four}: no answer yet. Were the goods handed over?",
    SetupText.doubt_explained: (
        "The server has not answered. “Handed over” goes on asking; “Not handed over” calls this "
        "redemption off."
    ),
    SetupText.doubt_yes: "Handed over, go on asking",
    SetupText.doubt_no: "Not handed over, call off",
    SetupText.offline_headline: "Working offline now",
    SetupText.offline_works: "Goes on: redeeming vouchers this till holds, and QR codes of "
    "customers who chose this store.",
    SetupText.offline_rests: "Rests: vouchers of other stores, and those without a chosen store. "
    "Ask the customer to wait or to come back.",
    SetupText.offline_never: "Please do not switch off, reinstall or sign out. Everything is "
    "recorded here and uploads by itself.",
    SetupText.offline_understood: "Understood",
    SetupText.offline_troubleshoot: "Troubleshoot",
    SetupText.offline_checks: "1. Is the cable or Wi-Fi connected? Do other devices get online?\n"
    "2. Restart the router and wait two minutes.\n3. Press F5 to try again at once.\n"
    "4. If it stays down, call headquarters and name this store and till.",
    SetupText.already_running: "The counter is already running; its window is in front now.",
    SetupText.trouble: "Cannot go on ({code}).",
}

TABLES = {Language.chinese: CHINESE, Language.english: ENGLISH}


def setup_text(language: Language, key: SetupText, **values: object) -> str:
    """Say a text with its named values filled in."""
    return TABLES[language][key].format(**values)
