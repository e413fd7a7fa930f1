namespace Aigc2d.ProviderAdapters.Adapters.OpenAi;

/// <summary>
/// Reads completions that begin with their own prompt: that is no output of the model's, the provider does not count it as such, and it was screened
/// when it came. The bytes for the client are not changed.
/// </summary>
/// <param name="inner">Reads the answer itself.</param>
/// <param name="prompts">The prompts; the choices of one follow each other.</param>
/// <param name="choicesEach">How many choices each has.</param>
internal sealed class EchoedPrompts(ChatAnswerReader inner, IReadOnlyList<string> prompts, int choicesEach) : IAnswerReader
{
    private readonly List<AnswerDelta> _deltas = [];
    private readonly Dictionary<int, int> _echoed = [];

    public IReadOnlyList<AnswerDelta> Deltas => _deltas;

    public IReadOnlyList<(int Choice, string? FinishReason)> Choices => inner.Choices;

    public bool HasError => inner.HasError;

    public bool IsEnd => inner.IsEnd;

    public ClaimedUsage? Usage => inner.Usage;

    public AnswerHead Head => inner.Head;

    public bool TryReadPlain(ReadOnlySpan<byte> body) => inner.TryReadPlain(body) && Strip();

    public bool TryReadEvent(ReadOnlySpan<byte> data) => inner.TryReadEvent(data) && Strip();

    private bool Strip()
    {
        _deltas.Clear();
        foreach (var delta in inner.Deltas)
        {
            var text = WithoutPrompt(delta.Choice, delta.Text);
            if (text.Length > 0) _deltas.Add(delta with { Text = text });
        }

        return true;
    }

    /// <summary>From where the text is no longer the prompt's, everything is the model's.</summary>
    private string WithoutPrompt(int choice, string text)
    {
        var index = choice / choicesEach;
        if (choice < 0 || index >= prompts.Count) return text;

        var (prompt, at) = (prompts[index], _echoed.GetValueOrDefault(choice));
        var echoed = prompt.AsSpan(at).CommonPrefixLength(text);
        if (echoed == 0) return text;

        _echoed[choice] = echoed < text.Length ? prompt.Length : at + echoed;
        return text[echoed..];
    }
}
