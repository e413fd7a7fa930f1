namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The choices of a stream: which there are, why each ended, and whether the client has been shown that end.</summary>
internal sealed class StreamedChoices
{
    private readonly SortedDictionary<int, (string? FinishReason, bool IsShown)> _choices = [];

    public bool IsEmpty => _choices.Count == 0;

    public bool AllFinished => !IsEmpty && _choices.Values.All(choice => choice.FinishReason is not null);

    public bool AnyFiltered => _choices.Values.Any(choice => choice.FinishReason == "content_filter");

    /// <summary>The choices whose end the client has not seen.</summary>
    public IEnumerable<int> Unfinished => _choices.Where(choice => !choice.Value.IsShown).Select(choice => choice.Key);

    public void Add(IReadOnlyList<(int Choice, string? FinishReason)> choices, bool isShown)
    {
        foreach (var (choice, finishReason) in choices)
        {
            var known = _choices.GetValueOrDefault(choice);
            _choices[choice] = finishReason is null ? known : (finishReason, isShown);
        }
    }

    /// <summary>What was held back has gone out.</summary>
    public void ShowAll()
    {
        foreach (var choice in _choices.Keys.ToArray())
        {
            if (_choices[choice] is { FinishReason: { } reason }) _choices[choice] = (reason, true);
        }
    }
}
