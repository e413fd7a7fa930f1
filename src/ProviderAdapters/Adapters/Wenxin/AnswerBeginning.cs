using System.Buffers;
using System.IO.Pipelines;

namespace Aigc2d.ProviderAdapters.Adapters.Wenxin;

/// <summary>Looks at the beginning of an answer and leaves the answer as it was.</summary>
internal static class AnswerBeginning
{
    /// <summary>Longer than any error.</summary>
    private const int MaxBytes = 2048;

    /// <summary>
    /// The whole of a short answer; nothing of a longer one, nor of one that is no error by its first members. What begins like an object is
    /// called JSON from here on, whatever it was called before.
    /// </summary>
    public static async Task<ReadOnlyMemory<byte>> PeekAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var type = response.Content.Headers.ContentType;
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(ct));
        var beginning = ReadOnlyMemory<byte>.Empty;
        var isWhole = true;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(ct);
                beginning = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, MaxBytes)).ToArray();
                isWhole = read.IsCompleted && read.Buffer.Length < MaxBytes;
                var isClear = read.IsCompleted || read.Buffer.Length >= MaxBytes || IsAnswer(beginning.Span);
                reader.AdvanceTo(read.Buffer.Start, isClear ? read.Buffer.Start : read.Buffer.End);
                if (isClear) break;
            }

            response.Content = new StreamContent(reader.AsStream());
        }
        catch (IOException)
        {
            // It broke off at once: an empty answer is no answer either.
            await reader.CompleteAsync();
            response.Content = new ByteArrayContent([]);
        }

        response.Content.Headers.ContentType = beginning.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? new("application/json") : type;
        return isWhole ? beginning : default;
    }

    private static bool IsAnswer(ReadOnlySpan<byte> beginning) => beginning.IndexOf("\"object\""u8) >= 0 || beginning.IndexOf("\"result\""u8) >= 0;
}
