using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>
/// The text of an answer that has been handed to the client's connection, choice by choice, kept so that it can be counted if the call ends in
/// its middle. What is only written and not yet flushed is not forwarded: a call that ends there does not pay for it.
/// </summary>
public sealed class ForwardedText
{
    private readonly SortedDictionary<int, GrowingText> _choices = [];
    private readonly List<(int Choice, string Text)> _written = [];

    /// <summary>Whether no text was even written.</summary>
    public bool IsEmpty => _choices.Count == 0 && _written.Count == 0;

    /// <summary>All text that was written, in quarters of a token of the cheap estimate.</summary>
    public long Quarters { get; private set; }

    /// <summary>Text was written that goes out with the next flush.</summary>
    public void Write(int choice, string text)
    {
        _written.Add((choice, text));
        Quarters += TokenEstimate.QuartersOf(text);
    }

    /// <summary>All that was written goes out now.</summary>
    public void Flush(TokenCounter counter)
    {
        foreach (var (choice, text) in _written)
        {
            if (!_choices.TryGetValue(choice, out var growing)) _choices[choice] = growing = new GrowingText();
            growing.Append(text, counter);
        }

        _written.Clear();
    }

    /// <summary>Tokens of what has gone out, each choice counted for itself.</summary>
    public int Count(TokenCounter counter) => (int)Math.Min(int.MaxValue, _choices.Values.Sum(text => (long)text.Count(counter)));
}
