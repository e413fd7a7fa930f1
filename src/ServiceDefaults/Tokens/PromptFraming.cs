namespace Aigc2d.ServiceDefaults.Tokens;

/// <summary>What a prompt counts besides its texts, tokens: the one place of these numbers for the hold before a call and the count after it.</summary>
public static class PromptFraming
{
    /// <summary>Around each message, its role included, for families with such framing.</summary>
    public const int PerMessage = 3 + 1;

    /// <summary>Once for a chat, for families with such framing.</summary>
    public const int BeforeTheAnswer = 3;

    /// <summary>Beside the text of a participant's name.</summary>
    public const int PerName = 1;

    /// <summary>Beside the name and the arguments of a call that a model has made.</summary>
    public const int PerToolCall = 3;

    /// <summary>For the id in the answer to such a call, whatever its text.</summary>
    public const int PerToolCallId = 2;

    /// <summary>For a part with audio.</summary>
    public const int PerAudio = 256;

    /// <summary>For a file, whatever is in it.</summary>
    public const int PerFile = 4_096;

    /// <summary>Beside the text of a schema that the answer must follow.</summary>
    public const int PerAnswerSchema = 10;
}
