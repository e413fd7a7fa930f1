using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Moderation.Tests.Normalisation;

/// <summary>Random texts of the kinds that break normalisers: any UTF-16 unit, lone surrogates, marks, look-alikes, encodings, and words of the rules.</summary>
internal static class Texts
{
    private static readonly string[] Pieces =
    [
        "how to ", "make ", "a ", "bomb", "b0mb", "b o m b", "b.o.m.b ", "炸弹", "製作", "的步骤", "。", "，", "\n", "\0", "\u200B", "\u202E", "e\u0301", "\uD800", "\uDC00", "\U0001D41B", "🇧", "🇧🇴", "\uFDFA",
        "℡", "㍿", "ﬁ", "½", "%62%6f", "%", "%E4%BD", "aGVsbG8gd29ybGQgaGVsbG8=", "68656c6c6f20776f726c64", "AAAAAAAAAAAAAAAAAAAAAAAA", "zhadan ", "zha4 dan4", "zěnme", "mkae ", "explosvie ", "&#98;", "\\u0062", "\\ud800", "U+1F4A3", "4 ", "'", "aaaa", "1l1", "||", "$$", "\uFEFF", "İ", "ß", "ς", "\uFFFF", "\uFFFD", "        ",
    ];

    private static readonly Gen<string> Unit = Gen.Choose(0, char.MaxValue).Select(i => ((char)i).ToString());

    private static readonly Gen<string> Piece = Gen.Elements(Pieces);

    private static readonly Gen<string> CodePoint = Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32);

    public static Arbitrary<string> Any { get; } = Gen.Frequency((3, Unit), (6, Piece), (1, CodePoint)).ArrayOf().Select(string.Concat).ToArbitrary();

    public static void Hold(Func<string, bool> property, int times = 1000) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times), Prop.ForAll(Any, property));
}
