namespace Aigc2d.Gateway.Calls;

/// <summary>What somebody in distress is told in place of an answer, in English and Chinese.</summary>
internal static class SupportText
{
    public const string Text =
        "It sounds as if you are going through something very hard. You do not have to face it alone: please talk to someone you trust, or to a crisis line "
        + "in your country (find one at https://findahelpline.com). If you are in immediate danger, call your local emergency number.\n\n"
        + "听起来你正在经历非常艰难的时刻。你不必独自面对：请和你信任的人谈一谈，或拨打当地的心理援助热线（中国大陆：12356）。如果有紧急危险，请立即拨打当地急救或报警电话。";
}
