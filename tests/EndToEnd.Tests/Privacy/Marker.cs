using System.Buffers;
using System.Text;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>A word that nobody else says, known again in every form in which a text may be kept: as it is, in UTF-16, in hexadecimal and inside base64.</summary>
internal sealed class Marker
{
    private const int BufferBytes = 1024 * 1024;
    private readonly SearchValues<string> _forms;
    private readonly int _longest;

    private Marker(string word)
    {
        Word = word;
        var bytes = Encoding.ASCII.GetBytes(word);
        Forms = [word.ToLowerInvariant(), Convert.ToHexStringLower(bytes), .. Enumerable.Range(0, 3).Select(before => Base64(bytes, before).ToLowerInvariant())];
        string[] all = [.. Forms, string.Join('\0', word.ToCharArray())];
        _longest = all.Max(form => form.Length);
        _forms = SearchValues.Create(all, StringComparison.OrdinalIgnoreCase);
    }

    public string Word { get; }

    /// <summary>The forms that a row of a table may have, in lower case.</summary>
    public string[] Forms { get; }

    /// <summary>A marker that was never said before.</summary>
    public static Marker New() => new($"qz{Guid.CreateVersion7():N}");

    /// <summary>A word that is there, to see that a search finds what there is.</summary>
    public static Marker Of(string word) => new(word);

    public bool IsIn(string text) => text.AsSpan().ContainsAny(_forms);

    public bool IsIn(ReadOnlySpan<byte> bytes) => IsIn(Encoding.Latin1.GetString(bytes));

    public bool IsIn(Stream bytes)
    {
        // A form may lie across two reads.
        var buffer = new byte[BufferBytes];
        for (var kept = 0; bytes.Read(buffer, kept, buffer.Length - kept) is var read and > 0;)
        {
            var there = kept + read;
            if (IsIn(buffer.AsSpan(0, there))) return true;
            kept = Math.Min(there, _longest);
            buffer.AsSpan(there - kept, kept).CopyTo(buffer);
        }

        return false;
    }

    // Only the characters that depend on nothing before or behind the word.
    private static string Base64(byte[] bytes, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. bytes]);
        return text[((before * 4 + 2) / 3)..((before + bytes.Length) / 3 * 4)];
    }
}
