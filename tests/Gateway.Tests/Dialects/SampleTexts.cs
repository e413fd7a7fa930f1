using System.Text;
using Aigc2d.TestKit;

namespace Aigc2d.Gateway.Tests.Dialects;

/// <summary>Texts of any length of the kinds that people send, and of those that somebody sends to see what happens.</summary>
internal static class SampleTexts
{
    public static readonly string[] Natural = ["english", "code", "chinese", "hex", "base64"];

    public static readonly string[] Strange = ["letters", "one letter", "spaces", "symbols", "rare ideographs", "emoji", "numbers", "marks"];

    private static readonly Lazy<string> English = new(() => string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Order(StringComparer.Ordinal).Select(File.ReadAllText)));

    private static readonly Lazy<string> Code = new(() => string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "src/Billing/Holds"), "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText)));

    private static readonly string[] ChineseWords = [.. "人工智能 正在 改变 世界 我们的 生活 方式 研究人员 认为 这项 技术 将会 在 未来 十年 内 继续 发展 ， 。 经济 社会 教育 医疗 系统 同时 带来 许多 新的 挑战 ； 需要 政府 企业 和 个人 共同 努力 解决 北京 今天 天气 很好 2026 年 春天 花 开 了".Split(' ')];

    public static string Of(string kind, int length, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 32);
        if (kind is "english" or "code")
        {
            var source = (kind == "english" ? English : Code).Value;
            for (var at = random.Next(source.Length); text.Length < length; at = 0) text.Append(source.AsSpan(at, Math.Min(source.Length - at, length - text.Length)));
        }

        while (text.Length < length) text.Append(Next(kind, random));
        return text.ToString(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length);
    }

    private static string Next(string kind, Random random) => kind switch
    {
        "chinese" => ChineseWords[random.Next(ChineseWords.Length)],
        "hex" => random.Next().ToString("x7", null),
        "base64" => Convert.ToBase64String(BitConverter.GetBytes(random.NextInt64()).AsSpan(0, 6)),
        "letters" => ((char)('a' + random.Next(26))).ToString(),
        "one letter" => "aaaaaaaa",
        "spaces" => "        ",
        "symbols" => ((char)('!' + random.Next(15))).ToString(),
        "rare ideographs" => char.ConvertFromUtf32(random.Next(0x20000, 0x2A6DF)),
        "emoji" => char.ConvertFromUtf32(random.Next(0x1F300, 0x1F6FF)),
        "numbers" => random.Next(10).ToString("d", null),
        "marks" => "\u0301",
        _ => throw new ArgumentException($"There is no kind '{kind}'.", nameof(kind)),
    };
}
