namespace Aigc2d.ProviderAdapters.Calls;

/// <summary>The choices of a stream: which there are, why each ended, and whether the client has been shown that end.</summary>
internal sealed class StreamedChoices
{
    private const string ContentFilter = "content_filter";

    private readonly SortedDictionary<int, (string? FinishReason, bool IsShown)> _choices = [];
    private readonly HashSet<int> _cut = [];
    private bool _isMixed;

    public bool IsEmpty => _choices.Count == 0;

    public bool AllFinished => !IsEmpty && _choices.Values.All(choice => choice.FinishReason is not null);

    public bool AnyFiltered => _choices.Values.Any(choice => choice.FinishReason == ContentFilter);

    /// <summary>Whether our screening has ended a choice while others went on.</summary>
    public bool AnyCut => _cut.Count > 0;

    /// <summary>Whether what the provider may still say is about choices that we have ended.</summary>
    public bool IsOver => AnyCut && AllFinished;

    /// <summary>The choices whose end the client has not seen.</summary>
    public IEnumerable<int> Unfinished => _choices.Where(choice => !choice.Value.IsShown).Select(choice => choice.Key);

    public void Add(IReadOnlyList<(int Choice, string? FinishReason)> choices, bool isShown)
    {
        _isMixed |= choices.Count > 1;
        foreach (var (choice, finishReason) in choices)
        {
            var known = _choices.GetValueOrDefault(choice);
            _choices[choice] = finishReason is null || _cut.Contains(choice) ? known : (finishReason, isShown);
        }
    }

    /// <summary>Whether these can end and the answer go on: another choice has not ended, and each frame was one choice's alone.</summary>
    public bool CanGoOnWithout(IReadOnlySet<int> choices) => !_isMixed && Unfinished.Any(choice => !choices.Contains(choice));

    /// <summary>Ends a choice; what the provider still says of it is nobody's business.</summary>
    public void Cut(int choice)
    {
        _cut.Add(choice);
        _choices[choice] = (ContentFilter, true);
    }

    /// <summary>Whether a frame has parts that may no longer be shown.</summary>
    public bool AreCut(IReadOnlyList<(int Choice, string? FinishReason)> choices) => AnyCut && choices.Any(choice => _cut.Contains(choice.Choice));

    /// <summary>Whether it has other parts as well.</summary>
    public bool ArePartlyCut(IReadOnlyList<(int Choice, string? FinishReason)> choices) => choices.Count > 1 && AreCut(choices);

    /// <summary>What was held back has gone out.</summary>
    public void ShowAll()
    {
        foreach (var choice in _choices.Keys.ToArray())
        {
            if (_choices[choice] is { FinishReason: { } reason }) _choices[choice] = (reason, true);
        }
    }
}
