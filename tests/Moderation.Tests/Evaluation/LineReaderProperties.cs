using System.Text;
using Aigc2d.Moderation.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Moderation.Tests.Evaluation;

/// <summary>Lines are the same however their bytes come.</summary>
public sealed class LineReaderProperties
{
    [Fact]
    public void Any_bytes_in_any_pieces_are_the_lines_between_the_line_feeds()
    {
        var bytes = Gen.Frequency((3, Gen.Elements((byte)'\n', (byte)'\r', (byte)'a')), (1, Gen.Choose(0, 255).Select(b => (byte)b))).ArrayOf();
        var cases = bytes.SelectMany(_ => Gen.Choose(1, 7), (text, size) => (text, size)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(cases, c =>
        {
            var expected = Encoding.Latin1.GetString(c.text).Split('\n').ToList();
            if (expected[^1].Length == 0) expected.RemoveAt(expected.Count - 1);
            return LinesOf(new Pieces(c.text, c.size)).SequenceEqual(expected);
        }));
    }

    [Fact]
    public async Task A_line_longer_than_any_row_is_passed_over_and_the_next_one_is_read()
    {
        await using var stream = new MemoryStream([.. new byte[200_000], (byte)'\n', (byte)'b']);
        var reader = new LineReader(stream, longest: 1_000);

        Assert.True(await reader.ReadAsync(default));
        Assert.Equal((true, 0, 1), (reader.IsTooLong, reader.Line.Length, reader.Number));
        Assert.True(await reader.ReadAsync(default));
        Assert.Equal((false, "b", 2), (reader.IsTooLong, Encoding.UTF8.GetString(reader.Line.Span), reader.Number));
        Assert.False(await reader.ReadAsync(default));
    }

    [Fact]
    public async Task A_line_as_long_as_allowed_is_read_and_one_byte_more_is_not()
    {
        await using var stream = new MemoryStream([.. new byte[1_000], (byte)'\n', .. new byte[1_001], (byte)'\n']);
        var reader = new LineReader(stream, longest: 1_000);

        Assert.True(await reader.ReadAsync(default));
        Assert.Equal((false, 1_000), (reader.IsTooLong, reader.Line.Length));
        Assert.True(await reader.ReadAsync(default));
        Assert.Equal((true, 0), (reader.IsTooLong, reader.Line.Length));
    }

    [Fact]
    public void A_mark_at_the_beginning_of_a_file_is_no_part_of_its_first_line() => Assert.Equal(["a", "\u00EF\u00BB\u00BFb"], LinesOf(new MemoryStream(Encoding.UTF8.GetBytes("\uFEFFa\n\uFEFFb"))));

    private static List<string> LinesOf(Stream stream)
    {
        var reader = new LineReader(stream);
        var lines = new List<string>();
        while (Completed(reader)) lines.Add(Encoding.Latin1.GetString(reader.Line.Span));
        return lines;
    }

    // These streams never wait.
    private static bool Completed(LineReader reader) => reader.ReadAsync(default).AsTask().GetAwaiter().GetResult();

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span[..Math.Min(size, buffer.Length)]));
    }
}
