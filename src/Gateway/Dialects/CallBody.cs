using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;

namespace Aigc2d.Gateway.Dialects;

/// <summary>Reads one request body once, as far as admission needs it. Each route's dialect has one of its own; an instance reads one body.</summary>
internal abstract class CallBody
{
    private const int LongestModelName = 200;
    // Providers take less; what is longer tells nobody apart.
    private const int LongestEndUser = 512;
    /// <summary>The texts to screen and the size of the prompt, collected on the way.</summary>
    protected PromptTexts Prompt { get; } = new();

    /// <summary>The customer's own id of its end user, as it came.</summary>
    protected string? EndUser { get; set; }

    protected abstract FieldNames Names { get; }

    /// <summary>What a body must have at least, for whoever sent none: <c>model and messages</c>.</summary>
    protected abstract string Essentials { get; }

    /// <summary>The model that is meant when none is named; null where one must be.</summary>
    protected virtual string? DefaultModel => null;

    /// <summary>Reads and checks. Exactly one of the two results is set.</summary>
    public bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out CallRequest? request, [NotNullWhen(false)] out BodyRefusal? refusal)
    {
        request = null;
        if (body.IsEmpty) refusal = new(null, BodyRefusal.InvalidJson, $"The request body is empty; send a JSON object with {Essentials}.");
        else if (!Utf8.IsValid(body)) refusal = new(null, BodyRefusal.InvalidJson, "The request body is not valid UTF-8.");
        else refusal = Walk(body, out request);
        return refusal is null;
    }

    /// <summary>Takes the member that the walker stands at; false when it is none that this dialect reads.</summary>
    protected abstract bool TryReadField(ref JsonWalker json);

    /// <summary>What is wrong between the fields, when each alone is right.</summary>
    protected abstract BodyRefusal? FaultOfAll();

    /// <summary>What is wrong when it is this model that reads the prompt; asked last.</summary>
    protected virtual BodyRefusal? FaultFor(string model) => null;

    /// <summary>What was read.</summary>
    protected abstract CallRequest RequestFor(string model);

    protected static BodyRefusal Missing(string name, string wanted) => new(name, BodyRefusal.MissingParameter, $"Missing '{name}': {wanted} is required.");

    protected static BodyRefusal Invalid(string name, string rule) => new(name, BodyRefusal.InvalidValue, $"Invalid '{name}': {rule}.");

    private BodyRefusal? Walk(ReadOnlySpan<byte> body, out CallRequest? request)
    {
        request = null;
        string? model = null;
        var json = new JsonWalker(body);
        if (json.Start() && !json.IsObject()) json.Refuse("must be a JSON object");
        while (json.NextMember())
        {
            if (json.Name == "model") model = ReadModel(ref json);
            else if (!TryReadField(ref json)) ReadOther(ref json);
        }

        json.Finish();
        model ??= DefaultModel;
        var refusal = json.Refusal ?? (model is null ? Missing("model", "the name of a model") : FaultOfAll() ?? FaultFor(model));
        if (refusal is null) request = EndUser is { Length: > 0 and <= LongestEndUser } ? RequestFor(model!) with { EndUser = EndUser } : RequestFor(model!);
        return refusal;
    }

    private void ReadOther(ref JsonWalker json)
    {
        // A reader that ignores case would take the stranger for the field and ask for more than is held.
        if (Names.MisspeltName(json.Name) is { } name) json.Refuse($"differs from '{name}' only in case; send '{name}'");
        else if (Names.Include(json.Name) && !FieldTypes.Fit(ref json)) return;
        // The newer name of OpenAI's for the same thing is meant when both are sent.
        else if (Names.Include(json.Name) && json.Name is "safety_identifier") EndUser = json.Text() ?? EndUser;
        else if (Names.Include(json.Name) && json.Name is "user") EndUser ??= json.Text();
        else if (Names.MayHoldPrompt(json.Name)) Prompt.AddWhole(ref json);
        else json.Skip();
    }

    private static string? ReadModel(ref JsonWalker json)
    {
        var model = json.Text();
        if (model is null) return null;

        if (model.Length is 0 or > LongestModelName || string.IsNullOrWhiteSpace(model)) json.Refuse($"must be the name of a model, 1 to {LongestModelName} characters");
        else if (!JsonStrings.IsPlainName(model)) json.Refuse("must be the name of a model, without control or invisible characters");
        return model;
    }
}
