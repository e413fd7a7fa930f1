using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Aigc2d.Moderation.Evaluation;

/// <summary>A JSON Lines file that rows are read from, plain or gzipped, or standard input. It is open before any row of any file is read.</summary>
internal sealed class RowSource : IAsyncDisposable
{
    private const string StandardInput = "-";

    private readonly Stream _file;

    public RowSource(string path, Stream file) => (Path, _file) = (path, file);

    public string Path { get; }

    /// <summary>What reading may fail with.</summary>
    public static bool IsUnreadable(Exception exception) => exception is IOException or InvalidDataException;

    /// <summary>Why reading failed, in words of ours where the library's say nothing.</summary>
    public static string ReasonOf(Exception exception) => exception is InvalidDataException ? "the compressed data are damaged" : exception.Message;

    /// <summary>Opens all files, or says which one cannot be opened and opens none.</summary>
    public static async Task<IReadOnlyList<RowSource>?> OpenAllAsync(IReadOnlyList<string> paths, TextWriter errors)
    {
        var sources = new List<RowSource>();
        foreach (var path in paths)
        {
            if (Open(path, out var fault) is { } file && (path != StandardInput || sources.TrueForAll(source => source.Path != StandardInput)))
            {
                sources.Add(new RowSource(path, file));
                continue;
            }

            await errors.WriteLineAsync($"error: {fault ?? "standard input can be read once only"}");
            foreach (var source in sources) await source.DisposeAsync();
            return null;
        }

        return sources;
    }

    /// <summary>The lines; that a file is gzipped shows in its first bytes, whatever its name.</summary>
    public async Task<LineReader> LinesAsync(CancellationToken ct)
    {
        var pipe = PipeReader.Create(_file);
        var first = await pipe.ReadAtLeastAsync(2, ct);
        var isZipped = IsZipped(first);
        pipe.AdvanceTo(first.Buffer.Start);
        return new LineReader(isZipped ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream());
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static bool IsZipped(ReadResult first)
    {
        var reader = new SequenceReader<byte>(first.Buffer);
        return reader.TryReadBigEndian(out short magic) && magic == 0x1F8B;
    }

    private static Stream? Open(string path, out string? fault)
    {
        fault = null;
        try
        {
            if (path == StandardInput) return Console.OpenStandardInput();
            if (Directory.Exists(path)) fault = $"{path} is a folder; name the files in it";
            else return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            fault = $"there is no file {path}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = $"{path} cannot be read: {exception.Message}";
        }

        return null;
    }
}
