"""What happened and what to do now, by the stable code of an error."""

from dataclasses import dataclass

from pos_app.ui.setup_texts import SetupText, setup_text
from pos_app.ui.texts import Language


@dataclass(frozen=True, slots=True)
class TroubleText:
    """An error's words.

    Attributes:
        zh: in Chinese.
        en: in English.
    """

    zh: str
    en: str


TROUBLES: dict[str, TroubleText] = {
    "no_key_store": TroubleText(
        zh=(
            "本机没有可靠的密钥库。请安装系统密钥环，或用 --secrets-file 指定文件（保护较弱）后重"
            "新启动。"
        ),
        en=(
            "This machine has no key store that protects secrets. Install a system keyring, or "
            "start with --secrets-file FILE, which protects less."
        ),
    ),
    "key_store_locked": TroubleText(
        zh="系统密钥库未解锁。请登录系统密钥环后重新启动。",
        en="The system's key store is locked. Unlock it and start again.",
    ),
    "secrets_file_unreadable": TroubleText(
        zh="密钥文件无法读取。请检查路径与权限。",
        en="The secrets file cannot be read. Check its path and permissions.",
    ),
    "wrong_passphrase": TroubleText(
        zh="密钥文件打不开：口令错误或文件来自另一台机器。",
        en="The secrets file does not open: wrong passphrase, or made on another machine.",
    ),
    "keys_missing": TroubleText(
        zh="本机密钥丢失。记录都保留着，请联系总部重新配对。",
        en=(
            "The keys of this till are gone. All records are kept; pair it again with headquarters."
        ),
    ),
    "line_down": TroubleText(
        zh="连不上服务器。请检查网络和地址后重试。",
        en="The server cannot be reached. Check the network and the address, then try again.",
    ),
    "not_our_server": TroubleText(
        zh="该地址不是核销服务器，或网络需要登录。请检查地址，或先在浏览器登录网络。",
        en=(
            "This address is not the redemption server, or the network wants a login. Check the "
            "address, or log in to the network in a browser first."
        ),
    ),
    "server_trouble": TroubleText(
        zh="服务器暂时无法处理。请稍后重试。",
        en="The server is in trouble at the moment. Try again later.",
    ),
    "insecure_address": TroubleText(
        zh="地址必须以 https:// 开头。",
        en="The address has to begin with https://.",
    ),
    "wrong_pairing_code": TroubleText(
        zh="配对码不正确。请对照总部屏幕重新输入。",
        en="The pairing code is wrong. Compare it with headquarters' screen.",
    ),
    "used_pairing_code": TroubleText(
        zh="配对码已被使用。请向总部要一个新的。",
        en="The pairing code has been used. Ask headquarters for a new one.",
    ),
    "expired_pairing_code": TroubleText(
        zh="配对码已过期。请向总部要一个新的。",
        en="The pairing code has expired. Ask headquarters for a new one.",
    ),
    "too_many_attempts": TroubleText(
        zh="尝试次数过多。请稍后再试。",
        en="Too many attempts. Wait a while and try again.",
    ),
    "database_too_new": TroubleText(
        zh="数据库由更新的版本写入。请更新本程序。",
        en="A newer version wrote the database. Update this program.",
    ),
    "disk_trouble": TroubleText(
        zh="磁盘无法写入。请检查剩余空间和权限后重新启动。",
        en="The disk cannot be written. Check free space and permissions, then start again.",
    ),
    "incomplete_reply": TroubleText(
        zh="服务器的答复不完整。请更新服务器或本程序后重试。",
        en="The server's reply is incomplete. Update the server or this program and try again.",
    ),
}


def trouble_text(language: Language, code: str) -> str:
    """What happened and what to do; an unknown code is named, so that it can be read out."""
    text = TROUBLES.get(code)
    if text is None:
        return setup_text(language, SetupText.trouble, code=code)
    return text.zh if language is Language.chinese else text.en
