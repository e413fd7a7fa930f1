using System.Text;

namespace Aigc2d.ServiceDefaults.Screenings;

/// <summary>
/// The text of one streamed answer as it is screened. What was shown before stays in view of the next screening, so that a word cut in two is still read as one.
/// </summary>
public sealed class OutputWindow
{
    /// <summary>So much unscreened text is screened at once.</summary>
    public const int DueCharacters = 120;

    /// <summary>So much of what was shown stays in view.</summary>
    public const int KeptCharacters = 400;

    // A whole plain answer may be a megabyte: in slices it keeps no batch, and nobody who shares one, beyond Moderation's deadline.
    private const int SliceCharacters = 16_000;

    private readonly StringBuilder _text = new();
    private int _unscreened;

    /// <summary>Whether anything waits for its screening.</summary>
    public bool IsWaiting => _unscreened > 0;

    /// <summary>Whether so much waits that it should not wait for more.</summary>
    public bool IsDue => _unscreened >= DueCharacters;

    public void Add(string text)
    {
        _text.Append(text);
        _unscreened += text.Length;
    }

    /// <summary>What was shown last and what is to be shown next, in slices that overlap.</summary>
    public IEnumerable<string> Slices()
    {
        for (var start = 0; ; start += SliceCharacters - KeptCharacters)
        {
            yield return _text.ToString(start, Math.Min(SliceCharacters, _text.Length - start));
            if (start + SliceCharacters >= _text.Length) yield break;
        }
    }

    /// <summary>What waited is shown, or never will be: only the last of it stays in view.</summary>
    public void Release()
    {
        if (_text.Length > KeptCharacters) _text.Remove(0, _text.Length - KeptCharacters);
        _unscreened = 0;
    }
}
