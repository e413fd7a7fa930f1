using System.Text.Json;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>What one object of an answer says: the whole of a plain one, or a piece of a stream, or an error.</summary>
internal struct WenxinFrame
{
    public ReadOnlyMemory<byte> Id { get; private set; }

    public ReadOnlyMemory<byte> Created { get; private set; }

    /// <summary>The text; of a piece of a stream what is new in it.</summary>
    public string? Result { get; private set; }

    public string? CallName { get; private set; }

    /// <summary>JSON text, as the model wrote it.</summary>
    public string? CallArguments { get; private set; }

    public string? FinishReason { get; private set; }

    public bool IsTruncated { get; private set; }

    public bool NeedsClearHistory { get; private set; }

    /// <summary>0 all is well, 1 low risk, 2 stop the talk, 3 must not be shown, 4 must be withdrawn.</summary>
    public long Flag { get; private set; }

    public bool IsEnd { get; private set; }

    public ClaimedUsage? Usage { get; private set; }

    /// <summary>Null when the object is no error.</summary>
    public int? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    /// <summary>Whether anything of an answer is in it.</summary>
    public bool IsAnswer { get; private set; }

    /// <summary>False when it is not JSON of this kind.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out WenxinFrame frame)
    {
        frame = default;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) frame.ReadMember(ref reader, json);
            return !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, a value of another type than the format says, or text that is not UTF-8: garbage all the same.
            frame = default;
            return false;
        }
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("result"u8)) (Result, IsAnswer) = (ReadText(ref reader), true);
        else if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader);
        else if (reader.ValueTextEquals("is_end"u8)) (IsEnd, IsAnswer) = (ReadFlag(ref reader), true);
        else if (reader.ValueTextEquals("finish_reason"u8)) FinishReason = ReadText(ref reader);
        else if (reader.ValueTextEquals("is_truncated"u8)) IsTruncated = ReadFlag(ref reader);
        else if (reader.ValueTextEquals("need_clear_history"u8)) NeedsClearHistory = ReadFlag(ref reader);
        else if (reader.ValueTextEquals("flag"u8)) Flag = ReadNumber(ref reader) ?? 0;
        else if (reader.ValueTextEquals("function_call"u8)) ReadCall(ref reader);
        else if (reader.ValueTextEquals("error_code"u8)) ErrorCode = ReadNumber(ref reader) is { } code and not 0 ? (int)Math.Clamp(code, int.MinValue, int.MaxValue) : null;
        else if (reader.ValueTextEquals("error_msg"u8)) ErrorMessage = ReadText(ref reader);
        else if (reader.ValueTextEquals("id"u8)) Id = ReadRaw(ref reader, json, JsonTokenType.String);
        else if (reader.ValueTextEquals("created"u8)) Created = ReadRaw(ref reader, json, JsonTokenType.Number);
        else reader.Skip();
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) Usage = ClaimedUsage.Read(ref reader);
        else reader.Skip();
    }

    private void ReadCall(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        IsAnswer = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8)) CallName = ReadText(ref reader);
            else if (reader.ValueTextEquals("arguments"u8)) CallArguments = ReadText(ref reader);
            else reader.Skip();
        }
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    private static bool ReadFlag(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            _ => throw new FormatException(),
        };
    }

    /// <summary>A whole number, also one in quotes.</summary>
    private static long? ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.Number => reader.TryGetInt64(out var number) ? number : throw new FormatException(),
            JsonTokenType.String => long.TryParse(reader.GetString(), out var number) ? number : throw new FormatException(),
            _ => throw new FormatException(),
        };
    }

    private static ReadOnlyMemory<byte> ReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTokenType type)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isRight = reader.TokenType == type;
        reader.Skip();
        return isRight ? json[start..(int)reader.BytesConsumed].ToArray() : default;
    }
}
