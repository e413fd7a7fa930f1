using System.Text;
using System.Text.Json;

namespace Aigc2d.Gateway.Tests.Abuses;

/// <summary>One body that must be refused.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Field">The field that the refusal must name; null when the body as a whole is at fault.</param>
internal sealed record BodyAbuse(string Name, byte[] Body, string? Field = null)
{
    public static BodyAbuse Of(string name, string body, string? field = null) => new(name, Encoding.UTF8.GetBytes(body), field);
}

/// <summary>Makes bodies that must be refused out of valid ones.</summary>
internal static class BodyAbuses
{
    private static readonly (string Type, string Value)[] Samples = [("s", "\"7\""), ("n", "1.5"), ("b", "true"), ("o", "{}"), ("a", "[]")];
    private static readonly string[] NeverIntegers = ["1.5", "\"7\"", "1e99", "1e-400", "-1e99", "9223372036854775808", "-9223372036854775809", "true", "[1]", "{}"];

    public static IEnumerable<BodyAbuse> OfSyntax(BodyForm form)
    {
        for (var length = 0; length < form.Least.Length; length++) yield return BodyAbuse.Of($"cut at {length}", form.Least[..length]);
        foreach (var body in (string[])[" ", "null", "[]", "\"x\"", "7", "{}x", "'a'", "{'a':1}", "{\"a\":NaN}", "{\"a\":01}", "{\"a\":1,}", "{\"a\" 1}", "{/*c*/}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":0x1}", "\ufeff{}"])
            yield return BodyAbuse.Of(body, body);
        yield return BodyAbuse.Of("a byte order mark", "\ufeff" + form.Least);
        yield return BodyAbuse.Of("two documents", form.Least + form.Least);
        yield return BodyAbuse.Of("something behind it", form.Least + "\0");
        yield return new("UTF-16", Encoding.Unicode.GetBytes(form.Least));
        yield return new("UTF-32", Encoding.UTF32.GetBytes(form.Least));
        foreach (var levels in (int[])[64, 100_000])
        {
            var open = form.Least[..^1] + ",\"future\":";
            yield return BodyAbuse.Of($"{levels} arrays", open + new string('[', levels) + new string(']', levels) + "}", "future");
            yield return BodyAbuse.Of($"{levels} objects", open + string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels) + "}", "future");
            yield return BodyAbuse.Of($"{levels} arrays and no end", open + new string('[', levels), "future");
        }
    }

    public static IEnumerable<BodyAbuse> OfTexts(BodyForm form)
    {
        var (before, after) = (form.Least[..^1] + ",\"future", "}");
        foreach (var bytes in (byte[][])[[0xC3, 0x28], [0xED, 0xA0, 0x80], [0xFF], [0xFE], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF], [0xF5, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE4, 0xBD]])
        {
            yield return new($"{Convert.ToHexString(bytes)} in a value", [.. Encoding.UTF8.GetBytes(before + "\":\"a"), .. bytes, .. Encoding.UTF8.GetBytes("\"" + after)]);
            yield return new($"{Convert.ToHexString(bytes)} in a name", [.. Encoding.UTF8.GetBytes(before), .. bytes, .. Encoding.UTF8.GetBytes("\":1" + after)]);
        }

        foreach (var escape in (string[])["\\ud800", "\\udc00", "\\ud83dx", "\\ud83d\\n", "\\ud83d\\ud83d", "\\ude00\\ud83d", "\\u0000"])
        {
            yield return BodyAbuse.Of($"{escape} in a value", $"{before}\":\"{escape}\"{after}", "future");
            yield return BodyAbuse.Of($"{escape} deep in a value", $"{before}\":[{{\"a\":[\"{escape}\"]}}]{after}", "future");
            yield return BodyAbuse.Of($"{escape} in a name", $"{before}{escape}\":1{after}", $"future{escape}");
        }

        foreach (var raw in "\0\u0001\u001f\n\r\t") yield return BodyAbuse.Of($"U+{(int)raw:X4} unescaped", $"{before}\":\"{raw}\"{after}");
        foreach (var escape in (string[])["\\x41", "\\u12", "\\u12G4", "\\'", "\\"]) yield return BodyAbuse.Of($"the escape {escape}", $"{before}\":\"{escape}\"{after}");
        foreach (var name in (string[])["\\u0000", "\\u0007", "\\n", "\\u007f", "\\u0085", "\\u00ad", "\\u200b", "\\u200f", "\\u202e", "\\u2028", "\\u2066", "\\ufeff", "\\ue000", "\\udbff\\udfff", "\\udb40\\udc41"])
            yield return BodyAbuse.Of($"{name} in the model", form.With("model", $"\"gpt{name}4\""), "model");
        foreach (var name in (string[])["", " ", "\\u3000", new string('m', 201), new string('m', 1_000_000)]) yield return BodyAbuse.Of($"a model of {name.Length} characters", form.With("model", $"\"{name}\""), "model");
    }

    /// <summary>Each member of each object twice, and each documented name in another case.</summary>
    public static IEnumerable<BodyAbuse> OfNames(BodyForm form)
    {
        foreach (var (name, start, end) in MembersOf(form.Rich)) yield return BodyAbuse.Of($"{name} twice at {start}", Insert(form.Rich, start, end), name);
        foreach (var name in form.Names)
        {
            foreach (var other in (string[])[name.ToUpperInvariant(), char.ToUpperInvariant(name[0]) + name[1..], $"\\u{(int)char.ToUpperInvariant(name[0]):x4}{name[1..]}"])
            {
                yield return BodyAbuse.Of($"{other} alone", form.With(other, "1"), name);
                yield return BodyAbuse.Of($"{name} and {other}", form.Rich.TrimEnd()[..^1] + $",\"{other}\":1}}", name);
            }
        }
    }

    public static IEnumerable<BodyAbuse> OfNumbers(BodyForm form)
    {
        foreach (var (name, least, most) in form.Integers)
        {
            foreach (var value in NeverIntegers) yield return BodyAbuse.Of($"{name}: {value}", form.With(name, value), name);
            foreach (var value in (long[])[-1, 0, int.MaxValue + 1L, long.MaxValue, long.MinValue])
            {
                if (value < least || value > most) yield return BodyAbuse.Of($"{name}: {value}", form.With(name, $"{value}"), name);
            }
        }

        string[] names = [.. form.Integers.Select(integer => integer.Name)];
        if (names.Contains("max_completion_tokens", StringComparer.Ordinal)) yield return BodyAbuse.Of("both limits", form.With("max_tokens", "5,\"max_completion_tokens\":5"), "max_tokens");
        if (names.Contains("n", StringComparer.Ordinal)) yield return BodyAbuse.Of("n × max_tokens beyond 2^31", form.With("max_tokens", "2000000000,\"n\":2"), "max_tokens");
    }

    public static IEnumerable<BodyAbuse> OfTypes(BodyForm form) =>
        from member in form.Members
        from sample in Samples
        where !member.Types.Contains(sample.Type, StringComparison.Ordinal)
        select BodyAbuse.Of($"{member.Name}: {sample.Value}", form.With(member.Name, sample.Value), member.Name);

    private static string Insert(string json, int start, int end)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        return Encoding.UTF8.GetString([.. bytes[..end], (byte)',', .. bytes[start..]]);
    }

    private static List<(string Name, int Start, int End)> MembersOf(string json)
    {
        var members = new List<(string, int, int)>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;

            var value = reader;
            value.Read();
            value.Skip();
            members.Add((reader.GetString()!, (int)reader.TokenStartIndex, (int)value.BytesConsumed));
        }

        return members;
    }
}
