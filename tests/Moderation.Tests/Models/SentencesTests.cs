using Aigc2d.Moderation.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Moderation.Tests.Models;

/// <summary>Where sentences end, and which of them are looked at together.</summary>
public sealed class SentencesTests
{
    [Theory]
    [InlineData("this is the first one. this is the second|one! and is this the third|one? yes it is; so much for that", 4)]
    [InlineData("这是一句很长很长很长的话.这是另外一句很长很长的话!还有没有第三句话想要说的呢?没有了", 4)]
    [InlineData("a heading of its own\nand what stands below it", 2)]
    [InlineData("version 3.14 of example.org is better than 2.71 was", 1)]
    [InlineData("so. a. b. c. short ones go together. they do", 3)]
    [InlineData("", 0)]
    [InlineData("x", 1)]
    public void A_sentence_ends_at_its_stop(string text, int expected) => Assert.Equal(expected, Read(text.Replace('|', ' ')).Count);

    [Fact]
    public void What_has_no_stops_is_cut_into_lengths()
    {
        var sentences = Read(new string('x', 2 * Sentences.Longest + 1));

        Assert.Equal([Sentences.Longest, 2 * Sentences.Longest, 2 * Sentences.Longest + 1], Enumerable.Range(0, sentences.Count).Select(sentences.EndOf));
    }

    [Fact]
    public void Sentences_cover_a_text_without_a_gap_and_windows_cover_the_sentences() => Prop.ForAll(
        Gen.Elements("word", "word.", " ", ". ", "\n", "字", "字.", new string('x', 40), "3.5").ListOf(300).Select(string.Concat).ToArbitrary(),
        text =>
        {
            var sentences = Read(text);
            var at = 0;
            for (var i = 0; i < sentences.Count; i++)
            {
                Assert.Equal(at, sentences.StartOf(i));
                at = sentences.EndOf(i);
                Assert.InRange(at - sentences.StartOf(i), i == sentences.Count - 1 ? 1 : Sentences.Shortest, Sentences.Longest);
            }

            Assert.Equal(text.Length, at);
            if (sentences.Count == 0) return;
            foreach (var most in (ReadOnlySpan<int>)[1, 2, int.MaxValue]) Cover(sentences, most);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static void Cover(Sentences sentences, int most)
    {
        var windows = new TextWindows(sentences, most);
        var (count, first, end) = (0, -1, 0);
        while (windows.Next())
        {
            Assert.InRange(windows.First, first + 1, end);
            Assert.True(windows.End > end, "a window shows something new");
            Assert.InRange(windows.End - windows.First, 1, most);
            Assert.InRange(sentences.EndOf(windows.End - 1) - sentences.StartOf(windows.First), 1, TextWindows.Widest);
            (count, first, end) = (count + 1, windows.First, windows.End);
        }

        Assert.Equal(sentences.Count, end);
        if (most < int.MaxValue) Assert.Equal(Math.Max(1, sentences.Count - most + 1), count);
    }

    private static Sentences Read(string text)
    {
        var sentences = new Sentences(text.Length);
        sentences.Read(text);
        return sentences;
    }
}
