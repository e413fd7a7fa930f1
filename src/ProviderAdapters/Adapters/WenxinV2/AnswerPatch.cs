using System.Text.Json;

namespace Aigc2d.ProviderAdapters.Adapters.WenxinV2;

/// <summary>
/// Makes one answer of the second generation, chunk by chunk or whole, fit for clients of OpenAI: the old finish reason, a first chunk
/// without a role, and talk that the provider has judged unsafe, which ends with a content filter and is not shown where it must not be.
/// </summary>
internal sealed class AnswerPatch
{
    private const int StopTheTalk = 2;
    private const int MustNotBeShown = 3;
    private static readonly byte[] Stop = "\"stop\""u8.ToArray();
    private static readonly byte[] ContentFilter = "\"content_filter\""u8.ToArray();
    private static readonly byte[] Empty = "\"\""u8.ToArray();
    private static readonly byte[] Role = "\"role\":\"assistant\""u8.ToArray();
    private static readonly byte[] RoleAndMore = "\"role\":\"assistant\","u8.ToArray();

    private readonly List<(Spot Spot, int Start, int End)> _spots = [];
    private bool _isUnsafe;
    private bool _isWithheld;
    private bool _hasRole;

    private enum Spot
    {
        Finish,
        NormalFinish,
        Text,
        Delta,
        EmptyDelta,
    }

    /// <summary>The bytes for the client where they differ; null where they need not.</summary>
    public byte[]? Of(ReadOnlySpan<byte> json)
    {
        if (!NeedsLook(json)) return null;
        try
        {
            Find(json, out var hasRole);
            JsonEdits? edits = null;
            var isAnswer = hasRole;
            foreach (var (spot, start, end) in _spots)
            {
                isAnswer |= spot is Spot.Delta or Spot.EmptyDelta;
                if (ReplacementOf(spot, hasRole) is { } replacement) (edits ??= new JsonEdits()).Add(start, end, replacement);
            }

            _hasRole |= isAnswer;
            return edits?.Apply(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The reader of the answer finds the same fault.
            return null;
        }
    }

    private bool NeedsLook(ReadOnlySpan<byte> json) =>
        _isUnsafe || !_hasRole || json.IndexOf("\"normal\""u8) >= 0 || json.IndexOf("\"flag\""u8) >= 0 || json.IndexOf("\"need_clear_history\""u8) >= 0;

    private byte[]? ReplacementOf(Spot spot, bool hasRole) => spot switch
    {
        Spot.Finish or Spot.NormalFinish when _isUnsafe => ContentFilter,
        Spot.NormalFinish => Stop,
        Spot.Text when _isWithheld => Empty,
        Spot.Delta when !hasRole && !_hasRole => RoleAndMore,
        Spot.EmptyDelta when !hasRole && !_hasRole => Role,
        _ => null,
    };

    private void Find(ReadOnlySpan<byte> json, out bool hasRole)
    {
        _spots.Clear();
        var reader = new Utf8JsonReader(json);
        hasRole = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("role"u8)) hasRole = true;
            else if (reader.ValueTextEquals("delta"u8)) ReadDelta(ref reader, json);
            else if (reader.ValueTextEquals("finish_reason"u8)) ReadFinish(ref reader);
            else if (IsText(ref reader)) ReadText(ref reader);
            else ReadSafety(ref reader);
        }
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("arguments"u8);

    private void ReadDelta(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return;
        var inside = (int)reader.BytesConsumed;
        var isEmpty = json[inside..].TrimStart(" \t\r\n"u8).StartsWith("}"u8);
        _spots.Add((isEmpty ? Spot.EmptyDelta : Spot.Delta, inside, inside));
    }

    private void ReadFinish(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) return;
        _spots.Add((reader.ValueTextEquals("normal"u8) ? Spot.NormalFinish : Spot.Finish, (int)reader.TokenStartIndex, (int)reader.BytesConsumed));
    }

    private void ReadText(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty) _spots.Add((Spot.Text, (int)reader.TokenStartIndex, (int)reader.BytesConsumed));
    }

    private void ReadSafety(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("need_clear_history"u8))
        {
            reader.Read();
            _isUnsafe |= reader.TokenType == JsonTokenType.True;
        }
        else if (reader.ValueTextEquals("flag"u8))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var flag)) return;
            _isUnsafe |= flag >= StopTheTalk;
            _isWithheld |= flag >= MustNotBeShown;
        }
    }
}
